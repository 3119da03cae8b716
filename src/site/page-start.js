{
  const embed = new URLSearchParams(location.search).get("embed");
  if (embed !== null) document.documentElement.dataset.embed = embed;

  addEventListener("DOMContentLoaded", () => {
    for (const {dataset} of document.querySelectorAll("figure[data-figure]"))
      if (dataset.figure === embed) dataset.embedded = "";

    const observer = new ResizeObserver((entries) => {
      for (const {target} of entries)
        if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
        else target.removeAttribute("tabindex");
    });
    const scrolling = "pre, #observablehq-main > table, figure[id^=stored]";
    for (const element of document.querySelectorAll(scrolling)) observer.observe(element);
  });
}
