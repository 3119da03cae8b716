import type {DictionarySource} from "../model/dictionaries/dictionary-source.js";
import {pickDictionaries} from "../model/dictionaries/pick-dictionaries.js";
import type {PickedFile} from "../model/picked-files.js";
import {onDrop} from "./drop-target.js";
import {droppedFiles, inputFiles} from "./own-files.js";
import {useStyles} from "./styles.js";

/** An input whose value is dictionaries to attach. */
export interface DictionaryPicker extends HTMLElement {
  readonly value: DictionarySource;
}

/**
 * A place to choose dictionaries: those of the site, or a folder of the reader's own, which is sent
 * nowhere. Its value is what `lm.attach` and `dictionaryBar` take.
 *
 * @param initial Such as `house-3m/mlp*tc`.
 */
export function dictionaryPicker(initial: string): DictionaryPicker {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-table w-picker";
  element.innerHTML = `<div class="w-held"><b>Dictionaries</b> <span role="status"></span> <button type="button" class="w-button" hidden></button></div>
    <div class="w-ways"><label><b>Folder of dictionaries</b><input type="file" webkitdirectory></label></div>
    <div class="w-problem" role="alert"></div>
    <small>or drop a folder here: cfg.json and sae_weights.safetensors as SAELens writes them, or circuit-tracer’s config.yaml with its files; it stays on your device</small>`;
  const part = <E extends HTMLElement>(selector: string) => element.querySelector<E>(selector)!;
  const [held, back] = [part(".w-held > span"), part<HTMLButtonElement>("button")];
  const [folder, problem] = [part<HTMLInputElement>("input"), part(".w-problem")];
  back.textContent = `Use ${initial}`;
  let value: DictionarySource = initial;
  const draw = () => {
    held.textContent =
      typeof value === "string" ? value : `${value.name} · ${value.folders.length} · your files`;
    back.hidden = value === initial;
  };
  const choose = (source: DictionarySource) => {
    value = source;
    problem.textContent = "";
    draw();
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  const take = async (list: PickedFile[] | Promise<PickedFile[]>) => {
    try {
      choose(pickDictionaries(await list));
    } catch (error) {
      problem.textContent = (error as Error).message;
    }
  };
  folder.addEventListener("input", (event) => event.stopPropagation());
  folder.addEventListener("change", () => {
    const list = inputFiles(folder.files);
    folder.value = "";
    if (list.length > 0) void take(list);
  });
  back.addEventListener("click", () => choose(initial));
  onDrop(element, (transfer) => void take(droppedFiles(transfer)));
  draw();
  return Object.defineProperty(element, "value", {
    get: () => value
  }) as unknown as DictionaryPicker;
}
