import type {Probe, Task} from "./generator/example.js";
import {generate} from "./generator/generate.js";
import type {Random} from "./random.js";

/** A held-out question in tokens. */
export interface EncodedProbe {
  readonly task: Task;
  /** A finer name, e.g. the kind of sequence. */
  readonly kind: string;
  /** The token that begins a text first. */
  readonly prompt: readonly number[];
  readonly answer: readonly number[];
  /** Where a wrong answer leaves the right one, and its token there. */
  readonly rivals: readonly (readonly [at: number, id: number])[];
}

/** What a probe is written in. */
export interface Spelling {
  readonly encode: (text: string) => readonly number[];
  /** The token that begins a text. */
  readonly begin: number;
}

/** The most tokens of a probe, its begin token left out. */
const LONGEST = 250;

/**
 * `count` held-out questions of a family, one from each document, of the given kinds only if there
 * are any. Questions whose prompt would be cut otherwise with its answer behind it are passed over.
 */
export function drawProbes(
  random: Random,
  spelling: Spelling,
  {task, kinds, count}: {task: Task; kinds?: readonly string[]; count: number}
): EncodedProbe[] {
  const probes: EncodedProbe[] = [];
  while (probes.length < count) {
    const {probe, sentences} = generate(random, task, "heldout").examples[0];
    const kind = String(sentences[0].labels.kind ?? task);
    if (probe === null || (kinds && !kinds.includes(kind))) continue;
    const tokens = encodeProbe(probe, spelling);
    if (tokens !== null) probes.push({task, kind, ...tokens});
  }
  return probes;
}

function encodeProbe(
  {prompt: asked, answer: right, wrong}: Probe,
  {encode, begin}: Spelling
): Pick<EncodedProbe, "prompt" | "answer" | "rivals"> | null {
  const prompt = encode(asked);
  const both = encode(`${asked}${right}`);
  if (prompt.some((id, i) => both[i] !== id) || both.length > LONGEST) return null;
  const answer = both.slice(prompt.length);
  const rivals = new Map<string, readonly [number, number]>();
  for (const text of wrong) {
    const other = encode(`${asked}${text}`).slice(prompt.length);
    const at = answer.findIndex((id, i) => other[i] !== id);
    if (at >= 0 && at < other.length) rivals.set(`${at} ${other[at]}`, [at, other[at]]);
  }
  return {prompt: [begin, ...prompt], answer, rivals: [...rivals.values()]};
}

/**
 * How a reader's answer is scored, from 0 to 1 (`spread` from -1): `exact`, the right answer is the
 * likeliest text, token by token; `choice`, it beats every wrong one at the first token where they
 * differ; `spread`, the chance of the pairs of digits that could be right less that of those that are
 * wrong, over 00 to 99.
 */
export type Measure = "exact" | "choice" | "spread";

/**
 * @param rows For each token of the answer, how likely each token of the vocabulary is there; for
 *   `spread` as probabilities.
 * @param pairs The tokens 00 to 99.
 */
export function scoreOf(
  measure: Measure,
  {answer, rivals}: EncodedProbe,
  rows: readonly ArrayLike<number>[],
  pairs: readonly number[]
): number {
  if (measure === "exact") return Number(answer.every((id, i) => isLargest(rows[i], id)));
  if (measure === "choice")
    return Number(
      rivals.length > 0 && rivals.every(([at, id]) => rows[at][answer[at]] > rows[at][id])
    );
  const wrong = new Set(rivals.map(([, id]) => id));
  return pairs.reduce((sum, id) => sum + (wrong.has(id) ? -rows[0][id] : rows[0][id]), 0);
}

function isLargest(row: ArrayLike<number>, id: number): boolean {
  for (let i = 0; i < row.length; i++) if (i !== id && !(row[i] < row[id])) return false;
  return true;
}

/** A task that the house models are asked, and how. */
export interface Question {
  readonly task: Task;
  readonly kinds?: readonly string[];
  readonly measure: Measure;
}

/** The tasks that a house model must do, each measured as it deserves. */
export const questions: readonly Question[] = [
  {
    task: "successor",
    kinds: ["day", "month", "numeral", "number-word", "letter"],
    measure: "exact"
  },
  {task: "year-span", measure: "spread"},
  {task: "pronoun", measure: "choice"},
  {task: "indirect-object", measure: "exact"},
  {task: "bracket", measure: "choice"},
  {task: "induction", measure: "exact"}
];

/** The tokens 00 to 99. @throws {RangeError} if one of them is more than one token. */
export function digitPairs(encode: Spelling["encode"]): number[] {
  return Array.from({length: 100}, (_, i) => {
    const text = String(i).padStart(2, "0");
    const ids = encode(text);
    if (ids.length !== 1)
      throw new RangeError(
        `digitPairs: encode must give one token for each pair of digits, got ${ids.length} for ${text}`
      );
    return ids[0];
  });
}
