import {LONGEST} from "../training/characters.js";
import {onDrop} from "./drop-target.js";
import {droppedFile} from "./dropped-file.js";
import {useStyles} from "./styles.js";

/** A longer text, in UTF-16 units, is held but not laid out, which would stop the page for seconds. */
const LONG = 100_000;
/** How much is shown of it. */
const SHOWN = 1_000;

/** An input whose value is a text of any length. */
export interface TextBox extends HTMLElement {
  readonly value: string;
}

/** A place to type, paste or drop a text, which stays in the page. Of a long one the beginning is shown. */
export function textBox({label, value: initial}: {label: string; value: string}): TextBox {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-table";
  element.innerHTML = `<label><b></b><textarea class="w-copied" rows="7" spellcheck="false"></textarea></label>
    <label>or drop a text file here, or choose one; it stays on your device <input type="file" accept="text/*,.md,.csv,.json"></label>
    <div class="w-held" role="status"></div><div class="w-problem" role="alert"></div>
    <button type="button" class="w-button">Back to the first text</button>`;
  const part = <E extends HTMLElement>(selector: string) => element.querySelector<E>(selector)!;
  part("b").textContent = label;
  const area = part<HTMLTextAreaElement>("textarea");
  const file = part<HTMLInputElement>("input");
  const [held, problem, back] = [part(".w-held"), part(".w-problem"), part("button")];
  let value = initial;

  const say = () => {
    const count = `${value.length.toLocaleString("en")} characters`;
    const cut = area.readOnly ? `; the first ${SHOWN.toLocaleString("en")} are shown` : "";
    held.textContent = count + cut;
    back.hidden = value === initial;
  };
  const hold = (text: string) => {
    if (text.length > LONGEST) {
      problem.textContent = `text: must be at most ${LONGEST.toLocaleString("en")} characters to fit in memory, got ${text.length.toLocaleString("en")}; the text before it stays`;
      return;
    }
    problem.textContent = "";
    value = text;
    area.readOnly = text.length > LONG;
    area.value = area.readOnly ? `${beginning(text)}…` : text;
    say();
  };
  const tell = () => element.dispatchEvent(new Event("input", {bubbles: true}));
  const take = (text: string) => {
    hold(text);
    tell();
  };
  const takeFile = async (read: () => File) => {
    try {
      const file = read();
      if (file.size > 4 * LONGEST)
        throw new Error(
          `${file.name}: must be at most ${(4 * LONGEST) / 1e6} MB to fit in memory, got ${(file.size / 1e6).toFixed(0)} MB; the text before it stays`
        );
      take(await file.text());
    } catch (error) {
      problem.textContent = (error as Error).message;
    }
  };

  area.addEventListener("input", (event) => {
    event.stopPropagation();
    take(area.value);
  });
  area.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    const {readOnly, selectionStart, selectionEnd} = area;
    const before = readOnly ? "" : area.value.slice(0, selectionStart);
    const after = readOnly ? "" : area.value.slice(selectionEnd);
    if (!readOnly && before.length + pasted.length + after.length <= LONG) return;
    event.preventDefault();
    take(before + pasted + after);
  });
  file.addEventListener("input", (event) => event.stopPropagation());
  file.addEventListener("change", () => {
    const chosen = file.files?.[0];
    if (chosen) void takeFile(() => chosen);
    file.value = "";
  });
  onDrop(element, (transfer) => void takeFile(() => droppedFile(transfer)));
  back.addEventListener("click", () => take(initial));
  hold(initial);
  return Object.defineProperty(element, "value", {
    get: () => value,
    set: take
  }) as unknown as TextBox;
}

/** The beginning of a long text, not cut inside a character. */
function beginning(text: string): string {
  const half = text.charCodeAt(SHOWN - 1);
  return text.slice(0, half >= 0xd800 && half < 0xdc00 ? SHOWN - 1 : SHOWN);
}
