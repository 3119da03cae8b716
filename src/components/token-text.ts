/** What a token's text is replaced by to be read, in this order; for `visible` and for Vega alike. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/^<\|endoftext\|>$/, "⟨eot⟩"],
  [/^<\|(.+)\|>$/, "⟨$1⟩"],
  [/\uFFFD/g, "⟨byte⟩"],
  [/(?<=^ *) (?= *$)/g, "␣"],
  [/(?<=^ *) | (?= *$)/g, "·"],
  [/\n/g, "↵"],
  [/\t/g, "⇥"],
  [/^$/, "∅"]
];

/** A token's text with its white space made visible: " of" as "·of", a space alone as "␣", a line break as "↵"; a byte that is no character by itself as "⟨byte⟩". */
export const visible = (text: string): string =>
  spellings.reduce((shown, [pattern, by]) => shown.replace(pattern, by), text);

/** A Vega expression for `visible` of a column. */
export const shownToken = (column: string): string =>
  spellings.reduce(
    (shown, [pattern, by]) => `replace(${shown}, ${String(pattern)}, '${by}')`,
    `datum['${column}']`
  );

/** A Vega expression for a label that tells equal tokens apart by a column of numbers: axes show only what follows the tab. */
export const keyed = (index: string, column: string): string =>
  `datum['${index}'] + '\\t' + ${shownToken(column)}`;

/** A Vega expression for what follows the tab. */
export const keyedLabel = "slice(datum.label, indexof(datum.label, '\\t') + 1)";

/** A probability for reading: `41%`, `0.3%`, `<0.1%`. */
export function percent(p: number): string {
  if (p >= 0.0995) return `${(100 * p).toFixed(0)}%`;
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}

/** A Vega expression for `percent` of a column. */
export const shownPercent = (column: string): string => {
  const p = `datum['${column}']`;
  return `(${p} >= 0.0995 ? format(${p}, '.0%') : ${p} >= 0.001 ? format(${p}, '.1%') : '<0.1%')`;
};
