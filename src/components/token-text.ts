/** A token's text with its white space made visible: " of" as "·of", a space alone as "␣", a line break as "↵". */
export function visible(text: string): string {
  const special = /^<\|(.+)\|>$/.exec(text);
  if (special) return special[1] === "endoftext" ? "⟨eot⟩" : `⟨${special[1]}⟩`;
  if (/^ +$/.test(text)) return "␣".repeat(text.length);
  const spaced = text.replace(/^ +| +$/g, (spaces) => "·".repeat(spaces.length));
  return spaced.replaceAll("\n", "↵").replaceAll("\t", "⇥") || "∅";
}

/** A label that tells equal texts apart: charts show only what follows the tab. */
export const keyed = (index: number, text: string): string => `${index}\t${visible(text)}`;

/** A Vega expression for what follows the tab. */
export const keyedLabel = "slice(datum.label, indexof(datum.label, '\\t') + 1)";

/** A probability for reading: `41%`, `0.3%`, `<0.1%`. */
export function percent(p: number): string {
  if (p >= 0.0995) return `${(100 * p).toFixed(0)}%`;
  return p >= 0.001 ? `${(100 * p).toFixed(1)}%` : "<0.1%";
}
