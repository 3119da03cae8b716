/** The figure that the page's address asks for alone (`?embed=name`), if any. */
const wanted = (): string | null => new URLSearchParams(location.search).get("embed");

/** HTML that shows one figure of this page, in the state it is in, within another site. */
export function embedHtml(name: string, title: string, height: number): string {
  const url = new URL(location.href);
  url.searchParams.set("embed", name);
  url.hash = "";
  return `<iframe src="${escape(url.href)}" title="${escape(title)}" width="100%" height="${Math.ceil(height)}" style="border: 0" loading="lazy"></iframe>`;
}

/** Lets a figure, or the stored picture of it, be seen where the page is embedded for it alone. */
export function embeddable(element: HTMLElement, name: string): void {
  if (wanted() === name) element.dataset.embedded = "";
}

/** In an embedded page, a link to the whole of it; elsewhere nothing. */
export function wholePage(): HTMLElement[] {
  if (wanted() === null) return [];
  const url = new URL(location.href);
  url.searchParams.delete("embed");
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "the whole page";
  return [link];
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
