import type {Random} from "../random.js";

/** Which half of the templates and ranges an example is drawn from. */
export type Split = "train" | "heldout";

export type Task =
  | "story"
  | "pronoun"
  | "indirect-object"
  | "successor"
  | "year-span"
  | "sum"
  | "bracket"
  | "induction"
  | "entailment"
  | "fact"
  | "review"
  | "recall"
  | "copy"
  | "javascript";

/** What is true of a sentence: who, where, what is now the case, which template. */
export type Labels = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Sentence {
  readonly text: string;
  readonly labels: Labels;
}

/** A question put to a model: the continuation of `prompt` is `answer`, and none of `wrong`. */
export interface Probe {
  readonly prompt: string;
  readonly answer: string;
  readonly wrong: readonly string[];
}

export interface Example {
  readonly task: Task;
  readonly sentences: readonly Sentence[];
  /** What stands between two sentences. */
  readonly joint: string;
  /** Absent where the text has no one right continuation. */
  readonly probe: Probe | null;
}

/** Draws one example of a task family. */
export type Family = (random: Random, split: Split) => Example;

/** The text of an example, as a model reads it. */
export function exampleText({sentences, joint}: Example): string {
  return sentences.map(({text}) => text).join(joint);
}

/** A word with its first letter in upper case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Writes "an" for "a" where the next word begins with a vowel sound. */
export function articles(text: string): string {
  return text.replace(/\b([Aa]) (?=[aeio]|u(?!n[ai]))/g, "$1n ");
}

/** Fills `{name}` slots of a template. */
export function fill(template: string, slots: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = slots[name];
    if (value === undefined) {
      throw new Error(`fill: template must only name given slots, got {${name}} in "${template}"`);
    }
    return value;
  });
}

/** The templates of one split: the last `heldout` of the list are kept for evaluation. */
export function templatesOf<T>(list: readonly T[], split: Split, heldout: number): readonly T[] {
  return split === "train" ? list.slice(0, -heldout) : list.slice(-heldout);
}
