/** Causal attention in float64, straight from the formulas: what the attention kernels are tested against. */
export interface Options {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  readonly keys: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Position of the first query. */
  readonly start: number;
}

/** `q` `[batch, tokens, heads, headWidth]`, `k` and `v` `[batch, keys, kvHeads, headWidth]` → z like q. */
export function forward(
  {q, k, v}: {readonly q: Float64Array; readonly k: Float64Array; readonly v: Float64Array},
  {batch, tokens, heads, keys, kvHeads, headWidth, start}: Options
): Float64Array {
  const z = new Float64Array(q.length);
  for (let b = 0; b < batch; b++)
    for (let token = 0; token < tokens; token++)
      for (let head = 0; head < heads; head++) {
        const query = ((b * tokens + token) * heads + head) * headWidth;
        const kvHead = Math.floor(head / (heads / kvHeads));
        const scores: number[] = [];
        for (let key = 0; key <= start + token; key++) {
          const from = ((b * keys + key) * kvHeads + kvHead) * headWidth;
          let product = 0;
          for (let c = 0; c < headWidth; c++) product += q[query + c] * k[from + c];
          scores.push(product / Math.sqrt(headWidth));
        }
        const peak = scores.reduce((a, s) => Math.max(a, s));
        const sum = scores.reduce((a, s) => a + Math.exp(s - peak), 0);
        scores.forEach((score, key) => {
          const from = ((b * keys + key) * kvHeads + kvHead) * headWidth;
          const weight = Math.exp(score - peak) / sum;
          for (let c = 0; c < headWidth; c++) z[query + c] += weight * v[from + c];
        });
      }
  return z;
}
