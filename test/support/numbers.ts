/** The project's tolerance for f32 kernels: `|Δ| ≤ ofRowMax·max|row| + ofValue·|ref|` (design: Tolerance). */
export interface Tolerance {
  readonly ofRowMax: number;
  readonly ofValue: number;
}

export const F32: Tolerance = {ofRowMax: 1e-5, ofValue: 1e-4};

/**
 * Null if every value agrees with its reference, else a sentence that names the worst element.
 *
 * @param rowLength Elements of the last axis, over which the row's maximum is taken.
 */
export function disagreement(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  rowLength: number,
  {ofRowMax, ofValue}: Tolerance = F32
): string | null {
  if (actual.length !== expected.length)
    return `${actual.length} values, expected ${expected.length}`;
  let worst = 1;
  let at = -1;
  for (let row = 0; row < expected.length; row += rowLength) {
    let rowMax = 0;
    const end = Math.min(row + rowLength, expected.length);
    for (let i = row; i < end; i++) rowMax = Math.max(rowMax, Math.abs(expected[i]));
    for (let i = row; i < end; i++) {
      if (actual[i] === expected[i]) continue;
      const allowed = ofRowMax * rowMax + ofValue * Math.abs(expected[i]);
      const times = Math.abs(actual[i] - expected[i]) / allowed;
      if (!(times <= worst)) {
        worst = Number.isNaN(times) ? Infinity : times;
        at = i;
      }
    }
  }
  return at < 0
    ? null
    : `value ${at} of ${expected.length} is ${actual[at]}, expected ${expected[at]}: ${worst.toFixed(1)} times the tolerance`;
}

/** Deterministic uniform values in [−1, 1): a 32-bit linear congruential generator. */
export function seeded(seed: number): (count: number) => Float64Array {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
  return (count) => Float64Array.from({length: count}, next);
}

/** Rounds to float32, so that a reference starts from the very values that the GPU is given. */
export const float32 = (values: Float64Array): Float64Array => values.map(Math.fround);
