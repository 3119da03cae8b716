import {generateCorpus} from "../corpus/generator/generate.js";
import {seeded} from "../corpus/random.js";
import {LABEL_KINDS, type LabelKind, labelSpans, spansOfTokens} from "../corpus/token-labels.js";
import type {Tokenizer} from "../model/tokenizer.js";

/** Where a token's text is from: text by people, or the generator's, by the half of its templates. */
export const PARTS = ["natural", "train", "heldout"] as const;
export type Part = (typeof PARTS)[number];

/** A document to record, in tokens. */
export interface RecordedDocument {
  readonly part: Part;
  readonly source: string;
  readonly tokens: readonly number[];
  /** Of each token, indices of labels. */
  readonly labels?: readonly (readonly number[])[];
}

/** Tokens one behind the other, to be read in windows. */
export interface RecordedCorpus {
  readonly tokens: Uint16Array;
  /** How many a model reads at once. */
  readonly window: number;
  /** Of each token, its document. */
  readonly documents: Uint32Array;
  readonly parts: readonly Part[];
  readonly sources: readonly string[];
  readonly labels: readonly {readonly kind: LabelKind; readonly name: string}[];
  /** Token t has the labels `labelIds[labelStarts[t]] …`. */
  readonly labelStarts: Uint32Array;
  readonly labelIds: Uint16Array;
}

/** Documents of the generator, `characters` of them, with its labels; the names of labels are added to `names`. */
export function generatedDocuments(
  tokenizer: Tokenizer,
  names: Map<string, number>,
  {part, characters, seed}: {part: "train" | "heldout"; characters: number; seed: number}
): RecordedDocument[] {
  const before = tokenizer.begin === undefined ? [] : [tokenizer.begin];
  return Array.from(generateCorpus(seeded(seed), part, characters), (document) => {
    const ids = tokenizer.encode(document.text);
    const spans = spansOfTokens(
      labelSpans(document),
      ids.map((id) => tokenizer.token(id))
    );
    const labels = spans.map((list) => [
      ...new Set(list.map(({kind, label}) => indexOf(names, `${kind} ${label}`)))
    ]);
    return {
      part,
      source: `generated/${document.task}`,
      tokens: [...before, ...ids],
      labels: [...before.map(() => []), ...labels]
    };
  });
}

function indexOf(names: Map<string, number>, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

/** Documents one behind the other; `names` are the labels, in the order of their indices. */
export function packCorpus(
  documents: readonly RecordedDocument[],
  names: ReadonlyMap<string, number>,
  window: number
): RecordedCorpus {
  const length = documents.reduce((sum, {tokens}) => sum + tokens.length, 0);
  const [tokens, of, starts] = [
    new Uint16Array(length),
    new Uint32Array(length),
    new Uint32Array(length + 1)
  ];
  const ids: number[] = [];
  let at = 0;
  documents.forEach((document, d) =>
    document.tokens.forEach((token, i) => {
      tokens[at] = token;
      of[at] = d;
      ids.push(...(document.labels?.[i] ?? []));
      starts[++at] = ids.length;
    })
  );
  return {
    ...{tokens, window, documents: of, labelStarts: starts, labelIds: Uint16Array.from(ids)},
    parts: documents.map(({part}) => part),
    sources: documents.map(({source}) => source),
    labels: [...names.keys()].map((text) => {
      const space = text.indexOf(" ");
      const kind = LABEL_KINDS.find((known) => known === text.slice(0, space))!;
      return {kind, name: text.slice(space + 1)};
    })
  };
}

/** The tokens of window `w`; the last one may be shorter. */
export const windowTokens = ({tokens, window}: RecordedCorpus, w: number): number[] =>
  Array.from(tokens.subarray(w * window, (w + 1) * window));

export const windowCount = ({tokens, window}: RecordedCorpus): number =>
  Math.ceil(tokens.length / window);

/** Every twentieth window is kept whole, with all that fires in it. */
export const isEvaluated = (window: number): boolean => window % 20 === 0;
