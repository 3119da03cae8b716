import {hostName, HUGGING_FACE, type HubModel} from "../model/hub/hub-model.js";
import {modelState, otherModel, parseModelState, type WantedModel} from "../model/model-state.js";
import type {ModelSource, OwnModel} from "../model/own-model.js";
import {type PickedFile, pickModel} from "../model/picked-files.js";
import {findOwnModel, type OwnModelRequest} from "../worker/find-own-model.js";
import {onDrop} from "./drop-target.js";
import {droppedFiles, folderFiles, inputFiles} from "./own-files.js";
import {openKept, storedModels} from "./stored-models.js";
import {useStyles} from "./styles.js";

export interface ModelPickerOptions {
  readonly label?: string;
  /** The hub that is asked for models, and only on a click: Hugging Face's, or a mirror of it. */
  readonly hub?: string;
}

/** An input whose value is a model to open. */
export interface ModelPicker extends HTMLElement {
  /** None while a link's model has still to be picked. */
  readonly value: ModelSource | undefined;
  /** What stands for the value in a link: it names the reader's own model by its hash. */
  state: string;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** A folder picker that only newer browsers have. */
type Picking = typeof globalThis & {
  showDirectoryPicker?: () => Promise<FileSystemDirectoryHandle>;
};

/**
 * A place to choose a model: one that the site ships, a folder or files of the reader's own, or one on
 * a hub. What is picked stays where it is and is sent nowhere; a hub is asked on a click that names it,
 * and loaded from on another that names the size too. Its value is what `openModel` and `modelBar` take.
 *
 * @param initial The name of a model that the site ships.
 */
export function modelPicker(
  initial: string,
  {label = "Model", hub = HUGGING_FACE}: ModelPickerOptions = {}
): ModelPicker {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-table w-picker";
  const host = hostName({host: hub});
  element.innerHTML = `<div class="w-held"><b></b> <span role="status"></span> <button type="button" class="w-button" hidden></button></div>
    <div class="w-ways">
      <label><b>Folder</b><input type="file" webkitdirectory></label>
      <label><b>Files</b><input type="file" multiple accept=".gguf,.bin,.safetensors,.json,.txt"></label>
      <form><label><b></b><input type="text" spellcheck="false" autocapitalize="off" autocomplete="off" placeholder="openai-community/gpt2"></label>
        <button class="w-button"></button></form>
    </div>
    <div class="w-offer" hidden><button type="button" class="w-button"></button></div>
    <progress hidden></progress>
    <div class="w-problem" role="alert"></div>
    <small>or drop a folder here: config.json, model.safetensors and tokenizer.json as Hugging Face writes them, a .gguf file, or a llama2.c model with its tokenizer.bin; it stays on your device</small>`;
  const part = <E extends HTMLElement>(selector: string) => element.querySelector<E>(selector)!;
  const [held, back] = [part(".w-held > span"), part<HTMLButtonElement>(".w-held > button")];
  const [folder, files] = element.querySelectorAll<HTMLInputElement>("input[type=file]");
  const [form, id] = [part<HTMLFormElement>("form"), part<HTMLInputElement>("input[type=text]")];
  const [offer, load] = [part(".w-offer"), part<HTMLButtonElement>(".w-offer > button")];
  const [progress, problem] = [part<HTMLProgressElement>("progress"), part(".w-problem")];
  part(".w-held > b").textContent = label;
  part("form b").textContent = `From ${host}`;
  part("form button").textContent = `Ask ${host} for its size`;
  back.textContent = `Use ${initial}`;

  let value: ModelSource | undefined = initial;
  let wanted: WantedModel | undefined;
  let work = new AbortController();
  const stored = storedModels((model) => void chooseKept(model));
  element.append(stored.element);

  const draw = () => {
    if (value === undefined && wanted) {
      const or = wanted.hub ? ` or ask ${host} for it` : "";
      held.textContent = `needs ${wanted.name} (${megabytes(wanted.bytes)}, sha256 ${wanted.sha256.slice(0, 12)}…): pick its folder${or}`;
    } else held.textContent = typeof value === "object" ? described(value) : (value ?? "");
    back.hidden = value === initial;
  };
  const choose = (source: ModelSource) => {
    wanted = undefined;
    value = source;
    draw();
    element.dispatchEvent(new Event("input", {bubbles: true}));
  };
  /** Takes what is found, unless the reader did something else meanwhile; says why it cannot be. */
  const attempt = async (find: (signal: AbortSignal) => Promise<void>) => {
    work.abort();
    const mine = (work = new AbortController());
    problem.textContent = "";
    offer.hidden = true;
    progress.removeAttribute("value");
    progress.hidden = false;
    try {
      await find(mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) problem.textContent = (error as Error).message;
    } finally {
      if (work === mine) progress.hidden = true;
    }
  };
  const find = async (request: OwnModelRequest, signal: AbortSignal): Promise<OwnModel> => {
    const found = await findOwnModel(
      request,
      (loaded, total) => Object.assign(progress, {max: total, value: loaded}),
      signal
    );
    signal.throwIfAborted();
    const other = wanted && otherModel(wanted, found);
    if (other) throw new Error(`${other}; press Use ${initial} to leave the link's model`);
    return found;
  };
  const takeFiles = (list: () => PickedFile[] | Promise<PickedFile[]>) =>
    attempt(async (signal) => choose(await find({picked: pickModel(await list())}, signal)));
  const chooseKept = (model: HubModel) =>
    attempt(async () => {
      const [{identifyHub}, kept] = await Promise.all([import("../model/identify.js"), openKept()]);
      choose(await identifyHub(model, kept!));
    });
  const ask = () =>
    attempt(async (signal) => {
      const found = await find({hub: {id: id.value.trim(), host: hub}}, signal);
      load.textContent = `Load ${found.name} from ${host}, ${megabytes(found.bytes)}`;
      load.onclick = () => {
        offer.hidden = true;
        choose(found);
      };
      offer.hidden = false;
    });

  /** A link's model that this browser keeps needs no picking. */
  const findKept = async ({sha256}: WantedModel) => {
    const [{identifyHub}, {keptHubModel}, kept] = await Promise.all([
      import("../model/identify.js"),
      import("../model/hub/hub-files.js"),
      openKept()
    ]);
    for (const {name} of (await kept?.list()) ?? []) {
      const model = await keptHubModel(kept!.folder(name));
      const found = model && (await identifyHub(model, kept!).catch(() => null));
      if (found?.sha256.startsWith(sha256) && wanted?.sha256 === sha256) return choose(found);
    }
  };

  for (const input of [folder, files]) {
    input.addEventListener("input", (event) => event.stopPropagation());
    input.addEventListener("change", () => {
      const list = inputFiles(input.files);
      input.value = "";
      if (list.length > 0) void takeFiles(() => list);
    });
  }
  folder.addEventListener("click", (event) => {
    const {showDirectoryPicker} = globalThis as Picking;
    if (!showDirectoryPicker) return;
    event.preventDefault();
    void showDirectoryPicker().then(
      (handle) => takeFiles(() => folderFiles(handle)),
      () => {}
    );
  });
  id.addEventListener("input", (event) => event.stopPropagation());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
  back.addEventListener("click", () => {
    work.abort();
    problem.textContent = "";
    choose(initial);
  });
  onDrop(element, (transfer) => {
    const dropped = droppedFiles(transfer);
    void takeFiles(() => dropped);
  });
  /** A model bar has loaded something: more may be kept than before. */
  const loaded = ({target}: Event) => {
    if (!element.isConnected) document.removeEventListener("input", loaded);
    else if ((target as Element).classList.contains("w-model")) void stored.refresh();
  };
  document.addEventListener("input", loaded);
  draw();
  return Object.defineProperties(element, {
    value: {get: () => value},
    state: {
      get: () =>
        value === undefined && wanted ? wantedState(wanted) : modelState(value ?? initial),
      set(text: string) {
        const parsed = parseModelState(text);
        if (parsed === null) return;
        if (typeof value === "object" && modelState(value) === text) return;
        wanted = typeof parsed === "object" ? parsed : undefined;
        value = typeof parsed === "string" ? parsed : undefined;
        if (wanted?.hub) id.value = wanted.hub;
        if (wanted) void findKept(wanted);
        draw();
      }
    }
  }) as unknown as ModelPicker;
}

const wantedState = ({sha256, bytes, name, hub}: WantedModel): string =>
  `${sha256}.${bytes}.${hub ? `hf:${hub}` : name}`;

const described = ({name, bytes, sha256, kind}: OwnModel): string =>
  `${name} · ${megabytes(bytes)} · ${kind === "hub" ? "from the hub" : "your files"} · sha256 ${sha256.slice(0, 12)}…`;
