import {pieceTokenizerJson} from "../../corpus/tokenizer/piece-tokenizer.js";
import {keyOf, philox, unitInterval} from "../../kernels/philox.js";

/** Keys A to P, and values a to p. */
export const SYMBOLS = 16;
/** The most options of a question. */
const MOST = 6;

const [BEGIN, MARK, ASK, FIRST_KEY] = [0, 1, 2, 3];
const FIRST_VALUE = FIRST_KEY + SYMBOLS;
export const VOCAB = FIRST_VALUE + SYMBOLS;

/** Options, each a key with a value, and in which order their keys are asked for. */
export interface Question {
  /** `[options]`, all different. */
  readonly keys: readonly number[];
  /** `[options]`, all different. */
  readonly values: readonly number[];
  readonly asked: readonly number[];
}

/** A prompt in parts: what comes before a set of options, the options, and what comes behind. */
export interface Prompt {
  readonly before: readonly number[];
  readonly options: readonly (readonly number[])[];
  readonly behind: readonly number[];
}

/** Question number `index` of a seed, with this many options, or with 1 to 6 of them. */
export function drawQuestion(seed: number, index: number, options: number | null): Question {
  const key = keyOf(seed);
  const words = Array.from({length: SYMBOLS}, (_, i) => philox([i, index, 0, 0], key));
  const count = options ?? 1 + Math.floor(unitInterval(words[0][3]) * MOST);
  const shuffled = (of: number, lane: number) =>
    Array.from({length: of}, (_, i) => i)
      .sort((a, b) => words[a][lane] - words[b][lane])
      .slice(0, count);
  return {keys: shuffled(SYMBOLS, 0), values: shuffled(SYMBOLS, 1), asked: shuffled(count, 2)};
}

/** The prompt that ends with the first key asked for, such as `:Ap:Bq:Cr:Ds?C`. */
export const promptOf = ({keys, values, asked}: Question): Prompt => ({
  before: [BEGIN],
  options: keys.map((key, i) => [MARK, FIRST_KEY + key, FIRST_VALUE + values[i]]),
  behind: [ASK, FIRST_KEY + keys[asked[0]]]
});

/** The token that answers a question. */
export const answerOf = ({values, asked}: Question): number => FIRST_VALUE + values[asked[0]];

/** Tokens of a window: a question of the most options, asked once. */
export const WINDOW = 2 + 3 * MOST + 2;

/** What is trained on: the prompt with its answer, then keys and their values until the window is full. */
export function windowOf(question: Question): number[] {
  const {before, options, behind} = promptOf(question);
  const {keys, values, asked} = question;
  const recalled = Array.from({length: WINDOW}, (_, i) => asked[i % asked.length]).flatMap((i) => [
    FIRST_KEY + keys[i],
    FIRST_VALUE + values[i]
  ]);
  return [...before, ...options.flat(), behind[0], ...recalled].slice(0, WINDOW);
}

const letters = (first: string): string[] =>
  Array.from({length: SYMBOLS}, (_, i) => String.fromCharCode(first.charCodeAt(0) + i));

/** A tokenizer of one character a token, as Hugging Face writes one. */
export function tokenizerJson(): object {
  const end = "<|endoftext|>";
  const pieces = [end, ":", "?", ...letters("A"), ...letters("a")];
  return pieceTokenizerJson({
    begin: {content: end, id: BEGIN},
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    words: false
  });
}
