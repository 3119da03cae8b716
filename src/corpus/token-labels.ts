import type {Example, Labels, Task} from "./generator/example.js";
import type {Generated} from "./generator/generate.js";
import {
  animals,
  colours,
  containers,
  days,
  men,
  months,
  numberWords,
  objects,
  ordinals,
  places,
  rooms,
  women
} from "./words.js";

/**
 * What a label says of a token: that its text is of a task `family`, or of a `category` within one
 * (`successor kind=day`); that its word fills a `slot` of the family's templates (`recall value`); that
 * its word is of a `class` that the generator draws from (`day`), or is one `word` of it (`day=Tuesday`).
 */
export const LABEL_KINDS = ["family", "category", "slot", "class", "word"] as const;
export type LabelKind = (typeof LABEL_KINDS)[number];

/** A label of a stretch of text, in characters. */
export interface Span {
  readonly kind: LabelKind;
  readonly label: string;
  readonly start: number;
  readonly end: number;
}

/** Sentence-level labels of few values. */
const categories = [
  ...["kind", "sentiment", "entails", "relation", "operation", "copy", "act", "order", "phrasing"],
  "pronoun"
];
/** Labels whose value stands in the text. */
const slots: Readonly<Partial<Record<Task, readonly string[]>>> = {
  story: ["who", "object", "room"],
  pronoun: ["who", "pronoun"],
  "indirect-object": ["giver", "receiver", "object", "place"],
  successor: ["now"],
  "year-span": ["noun", "century", "start", "end"],
  sum: ["a", "b", "result"],
  bracket: ["who"],
  entailment: ["who"],
  fact: ["subject", "value"],
  review: ["thing", "words"],
  recall: ["key", "value"],
  copy: ["passage"]
};
const classes: Readonly<Record<string, readonly string[]>> = {
  day: days,
  month: months,
  "number word": numberWords,
  ordinal: ordinals,
  woman: women,
  man: men,
  object: objects,
  container: containers,
  room: rooms,
  place: places,
  colour: colours,
  animal: animals
};
const classOf = new Map(
  Object.entries(classes).flatMap(([name, words]) => words.map((word) => [word, name] as const))
);

/** Every label of a generated document, by what its examples say of themselves and by the words in it. */
export function labelSpans({examples}: Pick<Generated, "examples">): Span[] {
  let at = 0;
  return examples.flatMap((example) => {
    const spans = exampleSpans(example, at);
    at = spans[0].end + 1;
    return spans;
  });
}

function exampleSpans({task, sentences, joint}: Example, start: number): Span[] {
  const inner: Span[] = [];
  let at = start;
  for (const {text, labels} of sentences) {
    inner.push(...sentenceSpans(task, text, labels).map((span) => moved(span, at)));
    at += text.length + joint.length;
  }
  const whole: Span = {kind: "family", label: task, start, end: at - joint.length};
  return [whole, ...inner];
}

const moved = (span: Span, by: number): Span => ({
  ...span,
  start: span.start + by,
  end: span.end + by
});

function sentenceSpans(task: Task, text: string, labels: Labels): Span[] {
  const spans: Span[] = [];
  for (const name of categories)
    if (labels[name] !== undefined && !Array.isArray(labels[name]))
      spans.push({
        kind: "category",
        label: `${task} ${name}=${String(labels[name])}`,
        start: 0,
        end: text.length
      });
  for (const name of slots[task] ?? [])
    for (const value of [labels[name] ?? []].flat())
      for (const [start, end] of placesOf(text, value))
        spans.push({kind: "slot", label: `${task} ${name}`, start, end});
  for (const {0: word, index} of text.matchAll(/[A-Za-z]+/g)) {
    const name = classOf.get(word);
    if (name === undefined) continue;
    const [start, end] = [index, index + word.length];
    spans.push({kind: "class", label: name, start, end});
    spans.push({kind: "word", label: `${name}=${word}`, start, end});
  }
  return spans;
}

/** Where a label's value stands in a sentence: as a word, a number also behind other digits (the end of a year). */
function placesOf(text: string, value: string | number | boolean): [number, number][] {
  const wanted = typeof value === "number" ? String(value).padStart(2, "0") : String(value);
  if (wanted === "") return [];
  const escaped = wanted.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const pattern =
    typeof value === "number"
      ? `${escaped}(?!\\d)|(?<!\\d)${escaped}(?=\\d\\d(?!\\d))`
      : `(?<!\\w)${escaped}(?!\\w)`;
  return Array.from(text.matchAll(new RegExp(pattern, "g")), ({index}) => [
    index,
    index + wanted.length
  ]);
}

/**
 * Spans as labels of tokens.
 *
 * @param pieces The texts of the tokens, which make up the text.
 * @returns For each token the spans that its text, without the space before it, overlaps.
 */
export function spansOfTokens(spans: readonly Span[], pieces: readonly string[]): Span[][] {
  let at = 0;
  return pieces.map((piece) => {
    const [start, end] = [at + (piece.length - piece.trimStart().length), at + piece.length];
    at = end;
    return spans.filter((span) => span.start < end && span.end > start);
  });
}
