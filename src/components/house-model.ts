/** The share of held-out questions of each task that a reader answers right, from 0 to 1. */
export type Accuracies = Readonly<Record<string, number>>;

/** What the site tells of a model that it ships, from the model's card. */
export interface HouseModel {
  readonly name: string;
  /** The two families read different tokens: only bits per character compare across them. */
  readonly family: "house" | "ladder";
  readonly shape: Readonly<Record<"width" | "depth" | "heads" | "vocab" | "context", number>>;
  readonly parameters: number;
  readonly nonEmbedding: number;
  /** Read in training. */
  readonly tokens: number;
  /** Of training. */
  readonly seconds: number;
  readonly hardware: string;
  readonly licence: string;
  /** Of the weights. */
  readonly sha256: string;
  /** The weights first; addresses are below the site's root. */
  readonly files: readonly {readonly name: string; readonly url: string; readonly bytes: number}[];
  /** In bits per character of held-out texts by people, and by the generator. */
  readonly natural: number;
  readonly generated: number;
  /** Of the training batches, in nats per token. */
  readonly loss: readonly (readonly [tokens: number, nats: number])[];
  /** In bits per character of each source's held-out texts. */
  readonly sources: Readonly<Record<string, number>>;
  readonly tasks: Accuracies;
  /** What it wrote in a row, none chosen; a text begins with its prompt. */
  readonly samples: readonly {readonly prompt: string; readonly text: string}[];
  readonly checkpoints: readonly HouseCheckpoint[];
}

/** A model on its way: what it had learnt after so many tokens. */
export interface HouseCheckpoint {
  /** To open it by: `house-1m@step-16`. */
  readonly name: string;
  readonly tokens: number;
  readonly bytes: number;
  readonly natural: number;
  readonly tasks: Accuracies;
}

/** A model or a checkpoint that a page can open. */
export interface Openable {
  readonly name: string;
  /** Of its weights. */
  readonly bytes: number;
  readonly tasks: Accuracies;
}

/** Every model, the largest of the first family first, and after each its checkpoints. */
export const openables = (models: readonly HouseModel[]): Openable[] =>
  models
    .toSorted((a, b) => a.family.localeCompare(b.family) || b.nonEmbedding - a.nonEmbedding)
    .flatMap(({name, files, tasks, checkpoints}) => [
      {name, bytes: files[0].bytes, tasks},
      ...checkpoints
    ]);

/** A count for reading: `25 k`, `1.1 M`. */
export function short(count: number): string {
  const [scaled, unit] = count >= 999_500 ? [count / 1e6, " M"] : [count / 1e3, " k"];
  return count < 1000 ? String(count) : `${scaled.toFixed(scaled < 9.95 ? 1 : 0)}${unit}`;
}
