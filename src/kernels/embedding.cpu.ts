/** Table look-up: what embedding.ts is tested against. */
export interface Inputs {
  readonly table: Float64Array; // [vocab, width]
  readonly tokens: ArrayLike<number>; // [batch, tokens]
  readonly width: number;
}

export function forward({table, tokens, width}: Inputs): Float64Array {
  const y = new Float64Array(tokens.length * width);
  for (let i = 0; i < tokens.length; i++)
    for (let c = 0; c < width; c++) y[i * width + c] = table[tokens[i] * width + c];
  return y;
}

/** The gradient of the table: each of its rows sums the rows of `dy` whose token it is. */
export function backward(
  {tokens, dy, width}: Omit<Inputs, "table"> & {readonly dy: Float64Array},
  vocab: number
): Float64Array {
  const dtable = new Float64Array(vocab * width);
  for (let i = 0; i < tokens.length; i++)
    for (let c = 0; c < width; c++)
      dtable[Math.min(tokens[i], vocab - 1) * width + c] += dy[i * width + c];
  return dtable;
}
