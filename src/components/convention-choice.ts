import {type Convention, CONVENTIONS} from "../model/convention.js";
import {useStyles} from "./styles.js";

/** An input whose value is how a model's weights are to be written. */
export interface ConventionChoice extends HTMLElement {
  value: Convention;
}

/** A choice between weights as trained and as TransformerLens folds them; its value is what `modelBar` takes. */
export function conventionChoice(): ConventionChoice {
  useStyles();
  const element = document.createElement("label");
  element.className = "w-selection";
  element.textContent = "Weights";
  const select = document.createElement("select");
  select.append(...Object.entries(CONVENTIONS).map(([name, text]) => new Option(text, name)));
  element.append(select);
  return Object.defineProperty(element, "value", {
    get: () => select.value,
    set: (name: Convention) => (select.value = name)
  }) as unknown as ConventionChoice;
}
