/** GELU's tanh form in float64: what gelu.ts is tested against. */
export interface Inputs {
  readonly x: Float64Array;
}

export const forward = ({x}: Inputs): Float64Array =>
  x.map((v) => (v / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v * v * v))));

/** The gradient of x, the input of GELU, from the gradient of its result. */
export const backward = ({x, dy}: Inputs & {readonly dy: Float64Array}): Float64Array =>
  x.map((v, i) => {
    const t = Math.tanh(Math.sqrt(2 / Math.PI) * (v + 0.044715 * v ** 3));
    const dt = (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * v * v);
    return dy[i] * (0.5 * (1 + t) + 0.5 * v * dt);
  });
