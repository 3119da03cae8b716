/** Values mixed by a pattern in float64: what attention-mix.ts is tested against. */
export interface Options {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly keys: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** The last axis of the pattern. */
  readonly positions: number;
}

/** `pattern` `[batch, heads, tokens, positions]`, `v` `[batch, keys, kvHeads, headWidth]` → z `[batch, tokens, heads, headWidth]`. */
export function forward(
  {pattern, v}: {readonly pattern: Float64Array; readonly v: Float64Array},
  {batch, tokens, heads, keys, kvHeads, headWidth, positions}: Options
): Float64Array {
  const z = new Float64Array(batch * tokens * heads * headWidth);
  for (let b = 0; b < batch; b++)
    for (let head = 0; head < heads; head++)
      for (let token = 0; token < tokens; token++)
        for (let key = 0; key < positions; key++) {
          const weight = pattern[((b * heads + head) * tokens + token) * positions + key];
          const kvHead = Math.floor(head / (heads / kvHeads));
          for (let c = 0; c < headWidth; c++)
            z[((b * tokens + token) * heads + head) * headWidth + c] +=
              weight * v[((b * keys + key) * kvHeads + kvHead) * headWidth + c];
        }
  return z;
}
