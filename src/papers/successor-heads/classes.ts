import {pieceTokenizerJson} from "../../corpus/tokenizer/piece-tokenizer.js";

const words = (text: string): readonly string[] => text.split(" ");
const MONTHS = words(
  "January February March April May June July August September October November December"
);
const DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday");
const short = (names: readonly string[]) =>
  names.map((name) => name.slice(0, 3).toLocaleLowerCase("en"));

/** Tokens in their order. */
export interface OrderedClass {
  readonly name: string;
  readonly members: readonly string[];
  /** Whether the first member follows the last. */
  readonly cyclic: boolean;
}

/** The ordered classes that lists are made of. */
export const classes: readonly OrderedClass[] = [
  {name: "numbers", members: Array.from({length: 60}, (_, i) => String(i)), cyclic: false},
  {name: "days", members: DAYS, cyclic: true},
  {name: "day prefixes", members: short(DAYS), cyclic: true},
  {name: "months", members: MONTHS, cyclic: true},
  {name: "month prefixes", members: short(MONTHS), cyclic: true},
  {name: "letters", members: [..."abcdefghijklmnopqrstuvwxyz"], cyclic: false},
  {
    name: "ordinals",
    members: words(
      "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    ),
    cyclic: false
  },
  {name: "Roman numerals", members: words("I II III IV V VI VII VIII IX X XI XII"), cyclic: false}
];

export const SEPARATORS = [",", "then"] as const;
export const FILLER = words("stone river cloud glass paper wheel candle garden");
/** The digits of a number in words: how many tens, and how many ones. */
export const TENS = words("nil ten twenty thirty forty fifty");
export const ONES = words("zero one two three four five six seven eight nine");
const END = "<|endoftext|>";

/** All tokens; the first begins a text. */
export const vocabulary: readonly string[] = [
  END,
  ...SEPARATORS,
  "again",
  "starts",
  "ends",
  ...FILLER,
  ...classes.flatMap(({members}) => members),
  ...TENS,
  ...ONES
];
export const VOCAB = vocabulary.length;
export const BEGIN = 0;

const ids = new Map(vocabulary.map((token, id) => [token, id]));

/** The id of a token of the vocabulary. */
export const idOf = (token: string): number => ids.get(token)!;

/** The member that follows another, or undefined behind the last of a class that is not cyclic. */
export const successor = ({members, cyclic}: OrderedClass, index: number): string | undefined =>
  members[cyclic ? (index + 1) % members.length : index + 1];

/** A tokenizer of one word a token, as Hugging Face writes one. */
export const tokenizerJson = (): object =>
  pieceTokenizerJson({
    begin: {content: END, id: BEGIN},
    vocab: Object.fromEntries(
      vocabulary.map((token, id) => [id === BEGIN ? token : `Ġ${token}`, id])
    ),
    words: true
  });
