{
  const embed = new URLSearchParams(location.search).get("embed");
  if (embed !== null) document.documentElement.dataset.embed = embed;

  addEventListener("DOMContentLoaded", () => {
    for (const {dataset} of document.querySelectorAll("figure[data-figure]"))
      if (dataset.figure === embed) dataset.embedded = "";

    const observer = new ResizeObserver((entries) => {
      for (const {target} of entries) {
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute("tabindex");
        markCut(target);
      }
    });
    for (const element of document.querySelectorAll(scrolling)) observer.observe(element);
  });

  const scrolling = "pre, #observablehq-main > table, figure[id^=stored]";
  const markCut = (element) => {
    const {scrollLeft, scrollWidth, clientWidth} = element;
    const sides = [
      ...(scrollLeft > 1 ? ["left"] : []),
      ...(scrollLeft < scrollWidth - clientWidth - 1 ? ["right"] : [])
    ];
    if (sides.length > 0) element.dataset.cut = sides.join(" ");
    else delete element.dataset.cut;
  };
  const scrolled = ({target}) => {
    if (target instanceof Element && target.matches(`${scrolling}, .w-chart`)) markCut(target);
  };
  addEventListener("scroll", scrolled, {capture: true, passive: true});
}
