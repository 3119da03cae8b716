/** A held-out window and what reading it costs: the same tokens for every reader. */
export interface CostedWindow {
  readonly source: string;
  /** The first one is read, not guessed. */
  readonly tokens: readonly number[];
  /** Characters of all tokens but the first. */
  readonly characters: number;
  /** Nats of all tokens but the first for an n-gram of each order, contexts from the window only. */
  readonly nats: readonly number[];
}

/** Held-out text with what n-grams make of it. */
export interface HeldOutWindows {
  /** sha256 of the `tokenizer.json` that the tokens are of. */
  readonly tokenizer: string;
  /** The orders of the n-grams. */
  readonly orders: readonly number[];
  readonly windows: readonly CostedWindow[];
}

export interface Span {
  readonly source: string;
  readonly start: number;
  readonly length: number;
}

/**
 * About `count` windows of `length` tokens within documents, each source with its share of them and
 * at least one, spread evenly over its documents.
 *
 * @param spans Documents in a packed stream of tokens.
 */
export function spreadWindows(spans: readonly Span[], count: number, length: number): Span[] {
  const starts = new Map<string, number[]>();
  for (const {source, start, length: tokens} of spans)
    for (let at = start; at + length <= start + tokens; at += length)
      starts.set(source, [...(starts.get(source) ?? []), at]);
  const total = [...starts.values()].reduce((sum, list) => sum + list.length, 0);
  return [...starts].flatMap(([source, list]) => {
    const share = Math.max(1, Math.round((count * list.length) / total));
    return Array.from({length: share}, (_, i) => ({
      source,
      start: list[Math.floor(((i + 0.5) * list.length) / share)],
      length
    }));
  });
}
