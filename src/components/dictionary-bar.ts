import type {DictionarySource} from "../model/dictionaries/dictionary-source.js";
import type {LanguageModel} from "../worker/client.js";
import type {AttachedDictionaries, AttachedDictionary} from "../worker/engine-dictionaries.js";
import {useStyles} from "./styles.js";

/** An input whose value is what a model was given. */
export interface DictionaryBar extends HTMLElement {
  /** None while they load; those of no dictionary where they do not fit. */
  readonly value: AttachedDictionaries | undefined;
}

export interface DictionaryBarOptions {
  /** Of the cell: when it settles, they are taken off the model again. */
  readonly invalidation?: Promise<void>;
}

const LISTED = 8;

/**
 * Attaches dictionaries to a model and says where they read, what a reader must know of them, or why they
 * do not fit.
 *
 * @param source The value of a `dictionaryPicker`.
 */
export function dictionaryBar(
  model: Pick<LanguageModel, "attach">,
  source: DictionarySource,
  {invalidation}: DictionaryBarOptions = {}
): DictionaryBar {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-model";
  element.setAttribute("role", "status");
  element.textContent = "loading";
  let value: AttachedDictionaries | undefined;
  const tell = () => element.dispatchEvent(new Event("input", {bubbles: true}));
  // the runtime waits for a view's first value, even for one whose cell has started again
  void invalidation?.then(() => value === undefined && tell());
  const show = (attached: AttachedDictionaries, sentences: readonly string[]) => {
    value = attached;
    element.replaceChildren(...sentences.map(lineOf));
    tell();
  };
  model.attach(source, {invalidation}).then(
    (attached) => show(attached, [...described(attached.dictionaries), ...attached.notices]),
    (error: Error) => show({names: [], dictionaries: [], notices: []}, [error.message])
  );
  return Object.defineProperty(element, "value", {get: () => value}) as unknown as DictionaryBar;
}

/** Where each reads, and writes where that is elsewhere. */
function described(dictionaries: readonly AttachedDictionary[]): string[] {
  const lines = dictionaries.slice(0, LISTED).map(({name, features, input, outputs}) => {
    const [first, ...others] = outputs;
    const more = others.length > 0 ? ` and ${others.length} after it` : "";
    const written = first === input ? "" : `, written to ${first}${more}`;
    return `${name}: ${features.toLocaleString("en")} features of ${input}${written}`;
  });
  const left = dictionaries.length - lines.length;
  return left > 0 ? [...lines, `and ${left} more`] : lines;
}

function lineOf(text: string): HTMLElement {
  const line = document.createElement("span");
  line.className = "w-line";
  line.textContent = text;
  return line;
}
