/** A share, and the interval that it is known within. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Of a standard normal value, 95 % lie within. */
const Z = 1.959964;

/**
 * The score interval of a share (Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", 1927) at 95 %: within 0 … 1, also where none or all succeeded.
 *
 * @throws {RangeError} if there was no trial, or there were more successes than trials.
 */
export function wilson(successes: number, trials: number): Share {
  if (!(trials > 0 && successes >= 0 && successes <= trials))
    throw new RangeError(
      `wilson: successes must be in 0 … trials, of at least one trial, got ${successes} of ${trials}`
    );
  const value = successes / trials;
  const spread = Z ** 2 / trials;
  const middle = (value + spread / 2) / (1 + spread);
  const half =
    (Z * Math.sqrt((value * (1 - value)) / trials + spread / (4 * trials))) / (1 + spread);
  return {value, low: Math.max(0, middle - half), high: Math.min(1, middle + half)};
}
