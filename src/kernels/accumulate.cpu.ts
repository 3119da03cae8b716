/** y + a·x in float64: what accumulate.ts is tested against. */
export interface Pair {
  readonly y: Float64Array;
  readonly x: Float64Array;
}

export const forward = ({y, x}: Pair, a: number): Float64Array => y.map((v, i) => v + a * x[i]);
