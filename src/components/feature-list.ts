import {featureName} from "../model/feature-name.js";
import type {FoundFeature} from "../recording/feature-search.js";
import {useStyles} from "./styles.js";
import {percent, visible} from "./token-text.js";

/** A list to choose a feature from: an input whose value is a name such as `mlp3tc[89]`. */
export interface FeatureList extends HTMLElement {
  value: string;
  show(found: readonly FoundFeature[], count: number): void;
}

/** Features that were found, a row each; a click or the arrow keys choose one, and "input" says so. */
export function featureList(initial: string): FeatureList {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-features";
  const [status, rows] = [document.createElement("p"), document.createElement("div")];
  status.setAttribute("role", "status");
  rows.setAttribute("role", "radiogroup");
  rows.setAttribute("aria-label", "Features");
  element.append(status, rows);
  let value = initial;
  const buttons = () => Array.from(rows.children) as HTMLButtonElement[];
  const mark = () => {
    const all = buttons();
    const chosen = all.findIndex(({dataset}) => dataset.feature === value);
    all.forEach((button, i) => {
      button.setAttribute("aria-checked", String(i === chosen));
      button.tabIndex = i === Math.max(0, chosen) ? 0 : -1;
    });
  };
  const choose = (button: HTMLButtonElement | undefined) => {
    if (!button) return;
    value = button.dataset.feature!;
    mark();
    button.focus();
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  rows.addEventListener("click", ({target}) =>
    choose((target as Element).closest("button") ?? undefined)
  );
  rows.addEventListener("keydown", (event) => {
    const all = buttons();
    const at = all.indexOf(event.target as HTMLButtonElement);
    const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(all[to]);
  });
  return Object.defineProperty(
    Object.assign(element, {
      show(found: readonly FoundFeature[], count: number) {
        const more = count > found.length ? `; the first ${found.length} are shown` : "";
        status.textContent = `${count.toLocaleString("en")} features${more}`;
        rows.replaceChildren(...found.map(row));
        mark();
      }
    }),
    "value",
    {
      get: () => value,
      set(next: string) {
        value = next;
        mark();
      }
    }
  ) as unknown as FeatureList;
}

function row({dictionary, feature, tokens, label, f1, frequency}: FoundFeature): HTMLElement {
  const button = document.createElement("button");
  const name = featureName({dictionary, feature, pos: null});
  button.type = "button";
  button.dataset.feature = name;
  button.setAttribute("role", "radio");
  const cells = [
    name,
    tokens.map(visible).join("  "),
    label ? `${label} ${percent(f1)}` : "",
    `${frequency.toLocaleString("en")}×`
  ];
  button.append(
    ...cells.map((text) => Object.assign(document.createElement("span"), {textContent: text}))
  );
  return button;
}
