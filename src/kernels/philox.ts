/** Four words of 32 bits. */
export type Counter = readonly [number, number, number, number];
export type Key = readonly [number, number];

/** The key of a seed: its low and its high 32 bits. */
export const keyOf = (seed: number): Key => [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];

/**
 * Philox4x32-10, a counter-based generator: the same counter and key always give the same four words
 * (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011). philox.wgsl.ts gives the same
 * bits.
 */
export function philox(counter: Counter, key: Key): Counter {
  let [a, b, c, d] = counter;
  let [low, high] = key;
  for (let round = 0; round < 10; round++) {
    [a, b, c, d] = [
      (multiplyHigh(0xcd9e8d57, c) ^ b ^ low) >>> 0,
      Math.imul(0xcd9e8d57, c) >>> 0,
      (multiplyHigh(0xd2511f53, a) ^ d ^ high) >>> 0,
      Math.imul(0xd2511f53, a) >>> 0
    ];
    low = (low + 0x9e3779b9) >>> 0;
    high = (high + 0xbb67ae85) >>> 0;
  }
  return [a, b, c, d];
}

/** A number in (0, 1) from the upper 23 bits of a word, exact in float32. */
export const unitInterval = (word: number): number => ((word >>> 9) + 0.5) / 2 ** 23;

/** The upper 32 bits of a 64-bit product. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(other / 65536);
}
