/**
 * Takes what is dropped on an element, which is marked while something is held over it. `take` is called
 * while it is dropped: afterwards its files cannot be asked for.
 */
export function onDrop(element: HTMLElement, take: (transfer: DataTransfer | null) => void): void {
  element.addEventListener("dragover", (event) => {
    event.preventDefault();
    element.classList.add("w-over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("w-over"));
  element.addEventListener("drop", (event) => {
    event.preventDefault();
    element.classList.remove("w-over");
    take(event.dataTransfer);
  });
}
