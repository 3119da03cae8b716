/** GELU's tanh form in float64: what gelu.ts is tested against. */
export interface Inputs {
  readonly x: Float64Array;
}

export const forward = ({x}: Inputs): Float64Array =>
  x.map((v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));
