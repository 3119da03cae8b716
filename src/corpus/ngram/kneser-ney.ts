import type {Contexts, Grams} from "./grams.js";
import {MAX_ORDER, countContinuations, countGrams, find, pack, sumContexts} from "./grams.js";

/** A language model that looks at the last few tokens only. */
export interface NGram {
  readonly order: number;
  /** The probability of `tokens[at]` after the up to `order - 1` tokens before it. */
  probability(tokens: ArrayLike<number>, at: number): number;
}

interface Level {
  readonly grams: Grams;
  readonly contexts: Contexts;
  /** What is taken off a count of one, two, and three or more. */
  readonly discounts: readonly [number, number, number];
}

/**
 * Interpolated modified Kneser-Ney (Chen & Goodman 1998, section 3.1): the longest n-grams by their
 * counts, shorter ones by how many different tokens stand before them, discounts from the counts of
 * counts, and below one token the uniform distribution.
 *
 * @param tokens The training stream, ids below `vocab`.
 * @throws {RangeError} if `order` is not from 1 to 5 or `vocab` is above 4096.
 */
export function kneserNey(tokens: Uint16Array, order: number, vocab: number): NGram {
  if (!(order >= 1 && order <= MAX_ORDER)) {
    throw new RangeError(
      `kneserNey: order must be from 1 to ${MAX_ORDER} to fit 64 bits, got ${order}`
    );
  }
  if (vocab > 4096) {
    throw new RangeError(`kneserNey: vocab must be at most 4096 to fit 12 bits, got ${vocab}`);
  }
  const levels: Level[] = [];
  let grams = countGrams(tokens, order);
  for (let length = order; length >= 1; length--) {
    levels[length] = {grams, contexts: sumContexts(grams), discounts: discountsOf(grams.counts)};
    if (length > 1) grams = countContinuations(grams, length);
  }
  return {
    order,
    probability: (text, at) => {
      let value = 1 / vocab;
      for (let length = 1; length <= Math.min(order, at + 1); length++) {
        value = interpolate(levels[length], text, at, length, value);
      }
      return value;
    }
  };
}

/** One level's estimate, given that of the level below. */
function interpolate(
  {grams, contexts, discounts}: Level,
  tokens: ArrayLike<number>,
  at: number,
  length: number,
  below: number
): number {
  const start = at - length + 1;
  const context = find(contexts.keys, pack(tokens, start, length - 1));
  if (context < 0) return below;
  const total = contexts.totals[context];
  const place = find(grams.keys, pack(tokens, start, length));
  const count = place < 0 ? 0 : grams.counts[place];
  const own = count === 0 ? 0 : count - discounts[Math.min(count, 3) - 1];
  const freed = discounts.reduce(
    (sum, discount, i) => sum + discount * contexts.followers[3 * context + i],
    0
  );
  return (own + freed * below) / total;
}

/** D₁, D₂, D₃₊ from the counts of counts; 0.5, 0.5, 0.5 where a text is too small to give them. */
function discountsOf(counts: Uint32Array): [number, number, number] {
  const n = [0, 0, 0, 0, 0];
  for (const count of counts) if (count <= 4) n[count]++;
  if (n.slice(1).includes(0)) return [0.5, 0.5, 0.5];
  const y = n[1] / (n[1] + 2 * n[2]);
  const clamp = (value: number, most: number): number => Math.min(Math.max(value, 0.01), most);
  return [
    clamp(1 - (2 * y * n[2]) / n[1], 1),
    clamp(2 - (3 * y * n[3]) / n[2], 2),
    clamp(3 - (4 * y * n[4]) / n[3], 3)
  ];
}
