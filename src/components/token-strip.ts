import type {Run} from "../model/run.js";
import {useStyles} from "./styles.js";
import {percent, visible} from "./token-text.js";

/** Tokens to choose a position from: an input whose value is a position, −1 for the last token. */
export interface TokenStrip extends HTMLElement {
  value: number;
  /** Shows a run's tokens, each with the chance that the model gave it from those before it. */
  update(run: Run): void;
}

/** A row of tokens; a click or the arrow keys choose one, and "input" says so. */
export function tokenStrip({label = "Tokens"}: {readonly label?: string} = {}): TokenStrip {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-tokens";
  element.setAttribute("role", "radiogroup");
  element.setAttribute("aria-label", label);
  let value = -1;
  const buttons = () => Array.from(element.children) as HTMLButtonElement[];
  const chosen = () => (value < 0 ? element.childElementCount - 1 : value);
  const mark = () =>
    buttons().forEach((button, i) => {
      button.setAttribute("aria-checked", String(i === chosen()));
      button.tabIndex = i === chosen() ? 0 : -1;
    });
  const choose = (index: number) => {
    const last = element.childElementCount - 1;
    const at = Math.max(0, Math.min(last, index));
    value = at === last ? -1 : at;
    mark();
    buttons()[at].focus();
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  element.addEventListener("click", ({target}) => {
    const button = (target as Element).closest("button");
    if (button) choose(buttons().indexOf(button));
  });
  element.addEventListener("keydown", (event) => {
    const to = {ArrowLeft: chosen() - 1, ArrowRight: chosen() + 1, Home: 0, End: Infinity}[
      event.key
    ];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });
  return Object.defineProperty(
    Object.assign(element, {
      update(run: Run) {
        const shown = run.tokens.map(({text}, pos) => tokenButton(text, chanceOf(run, pos)));
        element.replaceChildren(...shown);
        const gone = value >= run.tokens.length;
        if (value >= run.tokens.length - 1) value = -1;
        mark();
        if (gone) element.dispatchEvent(new Event("input", {bubbles: true}));
      }
    }),
    "value",
    {
      get: () => value,
      set(next: number) {
        value = Number.isInteger(next) && next >= -1 ? next : -1;
        mark();
      }
    }
  ) as unknown as TokenStrip;
}

/** The chance of the token at `pos`, where it was among the likeliest; null for the first token. */
function chanceOf({tokens, predictions}: Run, pos: number): number | null {
  if (pos === 0) return null;
  return predictions[pos - 1]?.find(({id}) => id === tokens[pos].id)?.p ?? 0;
}

function tokenButton(text: string, chance: number | null): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "radio");
  const [bar, number] = [document.createElement("i"), document.createElement("small")];
  bar.style.setProperty("--value", String(chance ?? 0));
  number.textContent = chance === null ? " " : chance === 0 ? "–" : percent(chance);
  button.setAttribute(
    "aria-label",
    `${visible(text)}${chance === null ? "" : `, expected ${chance === 0 ? "hardly" : percent(chance)}`}`
  );
  button.append(visible(text), bar, number);
  return button;
}
