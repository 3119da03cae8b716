/** Channel-wise multiplication in float64: what multiply.ts is tested against. */
export interface Inputs {
  /** `[rows, width]` */
  readonly x: Float64Array;
  /** `[width]` */
  readonly gain: Float64Array;
}

export const forward = ({x, gain}: Inputs): Float64Array =>
  x.map((v, i) => v * gain[i % gain.length]);
