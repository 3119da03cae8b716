import {firedAt} from "../model/active-features.js";
import {featureName, type FeatureName} from "../model/feature-name.js";
import type {Run} from "../model/run.js";
import {useStyles} from "./styles.js";

/** The features that fire at a token, layer by layer: an input whose value is a feature's name. */
export interface PromptFeatures extends HTMLElement {
  readonly value: FeatureName | "";
  /** @param pos Negative counts from the end. */
  show(run: Run, pos: number): void;
}

const SHOWN = 6;

/** The strongest of each dictionary that a run read; a click or Enter chooses one. */
export function promptFeatures(): PromptFeatures {
  useStyles();
  const element = document.createElement("div");
  element.style.overflowX = "auto";
  let value: FeatureName | "" = "";
  const draw = (run: Run, asked: number) => {
    const pos = asked < 0 ? asked + run.tokens.length : asked;
    const table = document.createElement("table");
    for (const [name, active] of run.features) {
      const line = document.createElement("tr");
      const head = document.createElement("th");
      head.textContent = name;
      line.append(head);
      const fired = [...firedAt(active, pos)].sort(([, a], [, b]) => b - a);
      for (const [feature, strength] of fired.slice(0, SHOWN)) {
        const own = featureName({dictionary: name, feature, pos});
        const button = document.createElement("button");
        button.type = "button";
        button.className = "w-button";
        button.textContent = `${feature}: ${strength.toFixed(2)}`;
        button.setAttribute("aria-label", `feature ${feature} of ${name}, ${strength.toFixed(2)}`);
        button.setAttribute("aria-pressed", String(own === value));
        button.addEventListener("click", () => {
          value = own;
          draw(run, asked);
          element.dispatchEvent(new Event("input", {bubbles: true}));
        });
        const cell = document.createElement("td");
        cell.append(button);
        line.append(cell);
      }
      table.append(line);
    }
    element.replaceChildren(table);
  };
  return Object.defineProperty(Object.assign(element, {show: draw}), "value", {
    get: () => value
  }) as unknown as PromptFeatures;
}
