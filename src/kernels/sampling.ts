/** How a token is drawn from logits. */
export interface Sampling {
  /** What logits are divided by; 0, or anything below 1e-6, takes the largest. */
  readonly temperature: number;
  /** Only the so many largest logits can be drawn; 0 for all. */
  readonly topK: number;
  /** A whole number from 0 to 2^53 − 1. */
  readonly seed: number;
  /** Number of the draw, from 0 to 2^32 − 1: each step draws anew. */
  readonly step: number;
}

/** Whether the largest logit is taken. A smaller temperature than this would overflow float32. */
export const isGreedy = ({temperature}: Sampling): boolean => temperature < 1e-6;

/** Throws a RangeError that names the option that is out of its range. */
export function checkSampling({temperature, topK, seed, step}: Sampling): void {
  const fail = (what: string, wanted: string, got: number) => {
    throw new RangeError(`sample: ${what} must be ${wanted}, got ${got}`);
  };
  if (!(temperature >= 0 && temperature < Infinity))
    fail("temperature", "a number from 0 on", temperature);
  if (!Number.isSafeInteger(topK) || topK < 0) fail("topK", "a whole number from 0 on", topK);
  if (!Number.isSafeInteger(seed) || seed < 0)
    fail("seed", "a whole number from 0 to 2^53 − 1", seed);
  if (step !== step >>> 0) fail("step", "a whole number from 0 to 2^32 − 1", step);
}
