let box: HTMLElement | undefined;

/** Shows what is under the pointer beside it: the fields of a chart's tooltip, or hides them for null. */
export function showTooltip(event: MouseEvent, value: unknown): void {
  if (value === null || value === undefined || value === "") {
    if (box) box.hidden = true;
    return;
  }
  if (!box?.isConnected) {
    box = document.createElement("div");
    box.className = "w-tooltip";
    box.setAttribute("role", "tooltip");
    document.body.append(box);
  }
  box.replaceChildren(...fields(value));
  box.hidden = false;
  const {width, height} = box.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, document.documentElement.clientWidth - width - 6);
  const below = event.clientY + 18 + height < window.innerHeight;
  box.style.left = `${Math.max(6, x)}px`;
  box.style.top = `${below ? event.clientY + 18 : event.clientY - height - 10}px`;
}

function fields(value: unknown): HTMLElement[] {
  if (typeof value !== "object" || value === null) return [line("", String(value))];
  return Object.entries(value).map(([name, text]) => line(name, String(text)));
}

function line(name: string, text: string): HTMLElement {
  const row = document.createElement("div");
  const [key, content] = [document.createElement("span"), document.createElement("b")];
  key.textContent = name;
  content.textContent = text;
  row.append(key, content);
  return row;
}
