/** Bits that hold one token in a packed n-gram. */
const TOKEN_BITS = 12;

/** The longest n-gram that fits into 64 bits. */
export const MAX_ORDER = 5;

/** Different n-grams in increasing order, each with a count. */
export interface Grams {
  readonly keys: BigUint64Array;
  readonly counts: Uint32Array;
}

/** Packs `tokens[start … start + length)` into 64 bits, the first token highest. */
export function pack(tokens: ArrayLike<number>, start: number, length: number): bigint {
  let key = 0n;
  for (let i = start; i < start + length; i++)
    key = (key << BigInt(TOKEN_BITS)) | BigInt(tokens[i]);
  return key;
}

/** Every n-gram of a stream with the number of times it occurs. */
export function countGrams(tokens: Uint16Array, order: number): Grams {
  const total = Math.max(0, tokens.length - order + 1);
  const keys = new BigUint64Array(total);
  const words = new Uint32Array(keys.buffer);
  for (let i = 0; i < total; i++) {
    let low = 0;
    let high = 0;
    for (let j = 0; j < order; j++) {
      const place = (order - 1 - j) * TOKEN_BITS;
      if (place >= 32) high += tokens[i + j] * 2 ** (place - 32);
      else {
        const shifted = tokens[i + j] * 2 ** place;
        low += shifted % 2 ** 32;
        high += Math.floor(shifted / 2 ** 32);
      }
    }
    words[2 * i] = low;
    words[2 * i + 1] = high;
  }
  return tally(keys.sort());
}

/** How many different tokens stand before each shorter n-gram: the first token dropped. */
export function countContinuations({keys}: Grams, order: number): Grams {
  const shorter = new BigUint64Array(keys.length);
  const mask = (1n << BigInt(TOKEN_BITS * (order - 1))) - 1n;
  for (let i = 0; i < keys.length; i++) shorter[i] = keys[i] & mask;
  return tally(shorter.sort());
}

function tally(sorted: BigUint64Array): Grams {
  const keys = new BigUint64Array(sorted.length);
  const counts = new Uint32Array(sorted.length);
  let last = -1;
  for (let i = 0; i < sorted.length; i++) {
    if (last < 0 || keys[last] !== sorted[i]) keys[++last] = sorted[i];
    counts[last]++;
  }
  return {keys: keys.slice(0, last + 1), counts: counts.slice(0, last + 1)};
}

/** What follows each context (an n-gram less its last token), added up. */
export interface Contexts {
  readonly keys: BigUint64Array;
  readonly totals: Float64Array;
  /** Followers seen once, twice, and three times or more; shape `[contexts, 3]`. */
  readonly followers: Uint32Array;
}

export function sumContexts({keys, counts}: Grams): Contexts {
  const contexts = new BigUint64Array(keys.length);
  const totals = new Float64Array(keys.length);
  const followers = new Uint32Array(3 * keys.length);
  const bits = BigInt(TOKEN_BITS);
  let last = -1;
  for (let i = 0; i < keys.length; i++) {
    const context = keys[i] >> bits;
    if (last < 0 || contexts[last] !== context) contexts[++last] = context;
    totals[last] += counts[i];
    followers[3 * last + Math.min(counts[i], 3) - 1]++;
  }
  const length = last + 1;
  return {
    keys: contexts.slice(0, length),
    totals: totals.slice(0, length),
    followers: followers.slice(0, 3 * length)
  };
}

/** The place of a key in a sorted list, or -1. */
export function find(keys: BigUint64Array, key: bigint): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (keys[middle] < key) low = middle + 1;
    else if (keys[middle] > key) high = middle - 1;
    else return middle;
  }
  return -1;
}
