/** silu(gate) · up in float64: what silu-gate.ts is tested against. */
export interface Inputs {
  readonly gate: Float64Array;
  readonly up: Float64Array;
}

export const forward = ({gate, up}: Inputs): Float64Array =>
  gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]);

const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));

/** The gradients of gate and up from that of the result. */
export const backward = ({gate, up, dy}: Inputs & {readonly dy: Float64Array}): Inputs => ({
  gate: gate.map((g, i) => dy[i] * up[i] * sigmoid(g) * (1 + g * (1 - sigmoid(g)))),
  up: gate.map((g, i) => dy[i] * g * sigmoid(g))
});
