/**
 * Says of each stored picture, a `<figure data-prompt="…">` with a caption, whose prompt it is of, and
 * sets it back where a control asks for another.
 */
export function storedFor(prompt: string): void {
  for (const figure of document.querySelectorAll<HTMLElement>("figure[data-prompt]")) {
    const own = figure.dataset.prompt ?? "";
    const other = own !== prompt;
    figure.classList.toggle("w-other", other);
    const caption = figure.querySelector("figcaption");
    if (caption)
      caption.textContent = `Stored, for “${own}”${other ? ", not for the prompt above" : ""}.`;
  }
}
