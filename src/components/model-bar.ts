import {type Convention, CONVENTIONS} from "../model/convention.js";
import type {LoadProgress} from "../model/model-files.js";
import {type ModelSource, sourceKey, sourceName} from "../model/own-model.js";
import type {LanguageModel} from "../worker/client.js";
import type {DeviceDescription} from "../worker/probe.js";
import {started} from "../worker/started.js";
import {useStyles} from "./styles.js";

export interface ModelBarOptions {
  /**
   * When to load: `auto` at once on a GPU, else at the first use of a control; `use` at the first use
   * of a control on any device, but as `auto` where a link brings a reader's choices; `click` when its
   * own button is pressed, and nothing before. To use is to type, to choose or to click: the focus that
   * Tab brings along on its way starts nothing.
   */
  readonly start?: "auto" | "use" | "click";
  /** What the button of `click` says it will load, before anything was asked for. */
  readonly bytes?: number;
  /** The weights as they are stored, `raw` if left out, or folded and centred as TransformerLens does. */
  readonly convention?: Convention;
  /** Of the cell: when it settles, the model's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/** An input whose value is the model, once it is loaded. */
export interface ModelBar extends HTMLElement {
  readonly value: LanguageModel | undefined;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Loads a model and says what that costs, where it runs and what went wrong.
 *
 * @param source The name of a model that the site ships, or the value of a `modelPicker`.
 */
export function modelBar(
  source: ModelSource,
  {start = "auto", bytes: promised, convention, invalidation}: ModelBarOptions = {}
): ModelBar {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-model";
  element.setAttribute("role", "status");
  // has the focus while its button is away
  element.tabIndex = -1;
  const [title, text] = [document.createElement("b"), document.createElement("span")];
  const button = document.createElement("button");
  button.type = "button";
  button.className = "w-button";
  const progress = document.createElement("progress");
  title.textContent = sourceName(source);
  element.append(title, text, button, progress);
  let value: LanguageModel | undefined;
  const used = start === "click" ? pressed(button) : firstUse(button, invalidation);

  const tell = () => element.dispatchEvent(new Event("input", {bubbles: true}));
  // the runtime waits for a view's first value, even for one whose cell has started again
  void invalidation?.then(() => value === undefined && tell());

  const say = (sentence: string, offer = "", loading = false, detail = "") => {
    text.textContent = sentence;
    text.title = detail;
    const isFocused = [element, button].some((one) => one === document.activeElement);
    button.textContent = offer;
    button.hidden = offer === "";
    if (isFocused) (button.hidden ? element : button).focus();
    progress.hidden = !loading;
  };
  const show = ({stage, loaded, total}: LoadProgress) => {
    say(`${stage}: ${megabytes(loaded)} of ${megabytes(total)}`, "", true);
    progress.max = total;
    progress.value = loaded;
  };
  const open = async () => {
    const {openModel} = await import("../worker/client.js");
    value = await openModel(source, {
      ...{backend: askedBackend(), convention, onProgress: show, invalidation}
    });
    const {layers, heads, width} = value.config;
    const sentence = `${layers} blocks of ${heads} heads, width ${width} · ${deviceSentence(value.device)}`;
    const folded = value.convention === "folded" ? ` · ${CONVENTIONS.folded}` : "";
    say(`${sentence}${folded}`, "", false, value.device.why);
    tell();
  };
  const prepare = async () => {
    const isStarted = started.has(sourceKey(source));
    const waits = !isStarted && (start === "click" || (start === "use" && !hasChoices()));
    if (waits) {
      if (start === "click") say("", `Load${promised ? ` ${megabytes(promised)}` : ""}`);
      else say("starts when you type or choose something", "Start now");
      await used;
    }
    say("looking for a GPU");
    const [{sourceInfo}, {probe}] = await Promise.all([
      import("../model/source-files.js"),
      import("../worker/probe.js")
    ]);
    const [{bytes, place}, device] = await Promise.all([sourceInfo(source), probe()]);
    const size = [megabytes(bytes), place].filter(Boolean).join(", ");
    if (!waits && device.slow && !isStarted) {
      say(`${size} · would run ${deviceSentence(device)}`, "Start", false, device.why);
      await used;
    }
    say(`${size} · opening`, "", true);
    progress.removeAttribute("value");
    await open();
  };
  const attempt = async (): Promise<void> => {
    try {
      await prepare();
    } catch (error) {
      say((error as Error).message, "Try again");
      button.addEventListener("click", () => void attempt(), {once: true});
    }
  };
  void attempt();
  return Object.defineProperty(element, "value", {get: () => value}) as unknown as ModelBar;
}

/** `?backend=wgsl` or `?backend=wasm` in the address overrides the choice. */
export function askedBackend(): DeviceDescription["backend"] | undefined {
  const asked = new URLSearchParams(location.search).get("backend");
  return asked === "wgsl" || asked === "wasm" ? asked : undefined;
}

/** Whether the address holds what a reader chose in a control. */
const hasChoices = (): boolean =>
  [...new URLSearchParams(location.search).keys()].some((key) => key !== "backend");

function deviceSentence({backend, name, software}: DeviceDescription): string {
  if (backend === "wgsl") return `on ${software ? "an emulated" : "your"} GPU, ${name}`;
  return `on your CPU${askedBackend() === "wasm" ? "" : " (no real GPU found)"}`;
}

const pressed = (button: HTMLButtonElement): Promise<void> =>
  new Promise((resolve) => button.addEventListener("click", () => resolve(), {once: true}));

/** Settles when the button is pressed or a control of the page is first used. */
function firstUse(button: HTMLButtonElement, invalidation?: Promise<void>): Promise<void> {
  const ended = new AbortController();
  void invalidation?.then(() => ended.abort());
  return new Promise<void>((resolve) => {
    const {signal} = ended;
    button.addEventListener("click", () => resolve(), {signal});
    const isControl = (target: EventTarget | null) =>
      target instanceof Element && target.matches("main input, main select, main textarea");
    const control = ({target}: Event) => {
      if (isControl(target)) resolve();
    };
    document.addEventListener("click", control, {signal});
    document.addEventListener("input", control, {signal});
  }).finally(() => ended.abort());
}
