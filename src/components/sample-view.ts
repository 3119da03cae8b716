import {endedSentences, markedPieces, type StoryFindings, storyVerdict} from "./story-marks.js";
import {useStyles} from "./styles.js";

/** A model that writes. */
interface Writer {
  readonly name: string;
  generate(
    prompt: string,
    options: SampleOptions & {readonly signal: AbortSignal}
  ): AsyncIterable<{readonly text: string}>;
}

export interface SampleOptions {
  /** How many tokens to add at most. */
  readonly count: number;
  readonly temperature: number;
  readonly seed: number;
}

/** A text as a model writes it. */
export interface SampleView extends HTMLElement {
  /** Starts anew; what was being written before is given up. Settles when the text has ended. */
  write(model: Writer, prompt: string, options: SampleOptions): Promise<void>;
}

/** From when on a text that is being written can be stopped, in milliseconds. */
const PATIENCE = 1000;

/** Shows what a model writes, token by token, and marks where `check`, if given, finds that the story breaks. */
export function sampleView(
  check?: (text: string) => StoryFindings,
  {invalidation}: {readonly invalidation?: Promise<void>} = {}
): SampleView {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-sample";
  element.hidden = true;
  const [title, text, verdict] = (["b", "p", "small"] as const).map((tag) =>
    document.createElement(tag)
  );
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "w-button";
  stop.textContent = "Stop";
  stop.hidden = true;
  let press = () => {};
  stop.addEventListener("click", () => press());
  element.append(title, " ", stop, text, verdict);
  let current: AbortController | undefined;
  void invalidation?.then(() => current?.abort());

  const show = (prompt: string, written: string, ended: boolean) => {
    const whole = prompt + written;
    const findings = check?.(ended ? whole : endedSentences(whole)) ?? {claims: 0, wrong: []};
    const given = document.createElement("span");
    given.className = "w-given";
    given.textContent = prompt;
    const pieces = markedPieces(whole, findings.wrong);
    const nodes = pieces.map(({text, wrong}) => {
      const node = document.createElement(wrong ? "mark" : "span");
      node.textContent = text;
      return node;
    });
    text.replaceChildren(...(findings.wrong.length === 0 ? [given, written] : nodes));
    verdict.textContent = check && (ended || findings.claims > 0) ? storyVerdict(findings) : "";
    verdict.classList.toggle("w-breaks", findings.wrong.length > 0);
  };
  const write: SampleView["write"] = async (model, prompt, options) => {
    current?.abort();
    const {signal} = (current = new AbortController());
    element.hidden = false;
    title.textContent = model.name;
    stop.textContent = "Stop";
    stop.hidden = true;
    let [written, count] = ["", 0];
    press = () => {
      current?.abort();
      verdict.textContent = `stopped after ${count} ${count === 1 ? "token" : "tokens"}`;
      stop.textContent = "Write again";
      press = () => void write(model, prompt, options);
      stop.hidden = false;
    };
    show(prompt, written, false);
    const late = setTimeout(() => (stop.hidden = signal.aborted), PATIENCE);
    signal.addEventListener("abort", () => (stop.hidden = true));
    try {
      for await (const token of model.generate(prompt, {...options, signal})) {
        if (signal.aborted) return;
        count += 1;
        show(prompt, (written += token.text), false);
      }
      if (!signal.aborted) show(prompt, written, true);
    } catch (error) {
      if (!signal.aborted) verdict.textContent = (error as Error).message;
    } finally {
      clearTimeout(late);
      if (!signal.aborted) stop.hidden = true;
    }
  };
  return Object.assign(element, {write});
}
