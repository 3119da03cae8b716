/** Channel-wise multiplication in float64: what multiply.ts is tested against. */
export interface Inputs {
  /** `[rows, width]` */
  readonly x: Float64Array;
  /** `[width]` */
  readonly gain: Float64Array;
}

export const forward = ({x, gain}: Inputs): Float64Array =>
  x.map((v, i) => v * gain[i % gain.length]);

/** The gradients of x and of the gain, which sums over the rows. */
export function backward({x, gain, dy}: Inputs & {readonly dy: Float64Array}): Inputs {
  const dgain = new Float64Array(gain.length);
  dy.forEach((v, i) => (dgain[i % gain.length] += v * x[i]));
  return {x: forward({x: dy, gain}), gain: dgain};
}
