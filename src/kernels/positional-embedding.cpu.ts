/** Rows of a table, repeated over the batch: what positional-embedding.ts is tested against. */
export interface Inputs {
  readonly table: Float64Array; // [context, width]
  readonly width: number;
}

export interface Span {
  readonly batch: number;
  readonly tokens: number;
  readonly start: number;
}

export function forward({table, width}: Inputs, {batch, tokens, start}: Span): Float64Array {
  const y = new Float64Array(batch * tokens * width);
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < tokens; t++)
      for (let c = 0; c < width; c++)
        y[(b * tokens + t) * width + c] = table[(start + t) * width + c];
  return y;
}

/** The gradient of the table: `dy` `[batch, tokens, width]` summed over the batch, else zero. */
export function backward(
  {dy, width}: {readonly dy: Float64Array; readonly width: number},
  {batch, tokens, start, context}: Span & {readonly context: number}
): Float64Array {
  const dtable = new Float64Array(context * width);
  for (let b = 0; b < batch; b++)
    for (let t = 0; t < tokens; t++)
      for (let c = 0; c < width; c++)
        dtable[(start + t) * width + c] += dy[(b * tokens + t) * width + c];
  return dtable;
}
