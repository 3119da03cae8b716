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

/** `dz`: of the shape of z. */
export function backward(
  {
    pattern,
    v,
    dz
  }: {readonly pattern: Float64Array; readonly v: Float64Array; readonly dz: Float64Array},
  {batch, tokens, heads, keys, kvHeads, headWidth, positions}: Options
): {pattern: Float64Array; v: Float64Array} {
  const d = {pattern: new Float64Array(pattern.length), v: new Float64Array(v.length)};
  for (let b = 0; b < batch; b++)
    for (let head = 0; head < heads; head++)
      for (let token = 0; token < tokens; token++)
        for (let key = 0; key < positions; key++) {
          const at = ((b * heads + head) * tokens + token) * positions + key;
          const kvHead = Math.floor(head / (heads / kvHeads));
          const from = ((b * keys + key) * kvHeads + kvHead) * headWidth;
          const query = ((b * tokens + token) * heads + head) * headWidth;
          for (let c = 0; c < headWidth; c++) {
            d.pattern[at] += dz[query + c] * v[from + c];
            d.v[from + c] += pattern[at] * dz[query + c];
          }
        }
  return d;
}
