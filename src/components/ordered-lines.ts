import {moved} from "./moved.js";
import {useStyles} from "./styles.js";

/** An input whose value is lines of text, in an order that a reader changes. */
export interface OrderedLines extends HTMLElement {
  /** The lines, with line breaks between. */
  value: string;
}

/**
 * A list of short texts, put in order by dragging their handles, or by the arrow keys on a handle;
 * each is edited in its place. Fewer than `least` are never left, more than `most` never taken.
 */
export function orderedLines({
  label,
  noun,
  value: initial,
  least,
  most
}: {
  readonly label: string;
  /** What one line is, such as "option". */
  readonly noun: string;
  readonly value: string;
  readonly least: number;
  readonly most: number;
}): OrderedLines {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-lines";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  const title = Object.assign(document.createElement("b"), {textContent: label});
  const list = document.createElement("ol");
  const add = button(`Add an ${noun}`);
  element.append(title, list, add);
  let lines = initial.split("\n");

  const tell = () => element.dispatchEvent(new Event("input", {bubbles: true}));
  const handle = (at: number) => list.children[at]?.querySelector("button");
  const set = (next: readonly string[]) => {
    lines = [...next];
    draw();
    tell();
  };
  const place = (from: number, to: number) => {
    if (to < 0 || to >= lines.length || to === from) return;
    set(moved(lines, from, to));
    handle(to)?.focus();
  };
  /** Which line lies under a height in the window. */
  const under = (y: number) => {
    const below = [...list.children].findIndex((item) => y < item.getBoundingClientRect().bottom);
    return below < 0 ? lines.length - 1 : below;
  };
  const row = (line: string, at: number) => {
    const item = document.createElement("li");
    const grip = button("⠿");
    const [name, keys] = [`${noun} ${at + 1}`, "up and down arrow move it"];
    grip.setAttribute("aria-label", `${name}, ${line}: ${keys}`);
    grip.title = `drag, or ${keys}`;
    grip.addEventListener("keydown", (event) => {
      const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
      if (step === undefined) return;
      event.preventDefault();
      place(at, at + step);
    });
    grip.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      grip.focus();
      item.classList.add("w-moving");
      const over = new AbortController();
      const end = (to: number) => {
        over.abort();
        item.classList.remove("w-moving");
        place(at, to);
      };
      const mark = (to: number) => {
        for (const [i, other] of [...list.children].entries())
          other.classList.toggle("w-over", i === to && i !== at);
      };
      const {signal} = over;
      addEventListener("pointermove", ({clientY}) => mark(under(clientY)), {signal});
      addEventListener("pointerup", ({clientY}) => (mark(-1), end(under(clientY))), {signal});
      addEventListener("pointercancel", () => (mark(-1), end(at)), {signal});
    });
    const field = Object.assign(document.createElement("input"), {type: "text", value: line});
    field.setAttribute("aria-label", name);
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      lines[at] = field.value;
      tell();
    });
    const remove = button("✕");
    remove.setAttribute("aria-label", `take ${name} away`);
    remove.disabled = lines.length <= least;
    remove.addEventListener("click", () => {
      set(lines.toSpliced(at, 1));
      handle(Math.min(at, lines.length - 1))?.focus();
    });
    item.append(grip, field, remove);
    return item;
  };
  const draw = () => {
    list.replaceChildren(...lines.map(row));
    add.hidden = lines.length >= most;
  };
  add.addEventListener("click", () => {
    set([...lines, ""]);
    list.querySelector<HTMLInputElement>("li:last-child > input")?.focus();
  });
  draw();
  return Object.defineProperty(element, "value", {
    get: () => lines.join("\n"),
    set: (text: string) => {
      lines = text.split("\n");
      draw();
    }
  }) as unknown as OrderedLines;
}

const button = (text: string): HTMLButtonElement =>
  Object.assign(document.createElement("button"), {
    type: "button",
    className: "w-button",
    textContent: text
  });
