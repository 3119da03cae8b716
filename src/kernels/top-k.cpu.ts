/** The largest values of each row by sorting it: what top-k.ts is tested against. */
export interface Inputs {
  readonly x: ArrayLike<number>; // [rows, columns]
  readonly columns: number;
}

/** Values and places `[rows, k]`, descending; of equal values the first comes first. */
export function forward(
  {x, columns}: Inputs,
  k: number
): {values: Float64Array; indices: Uint32Array} {
  const rows = x.length / columns;
  const values = new Float64Array(rows * k);
  const indices = new Uint32Array(rows * k);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const places = Array.from({length: columns}, (_, c) => c);
    places.sort((a, b) => x[start + b] - x[start + a] || a - b);
    for (let i = 0; i < k; i++) {
      values[row * k + i] = x[start + places[i]];
      indices[row * k + i] = places[i];
    }
  }
  return {values, indices};
}
