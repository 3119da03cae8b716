/** silu(gate) · up in float64: what silu-gate.ts is tested against. */
export interface Inputs {
  readonly gate: Float64Array;
  readonly up: Float64Array;
}

export const forward = ({gate, up}: Inputs): Float64Array =>
  gate.map((g, i) => (g / (1 + Math.exp(-g))) * up[i]);
