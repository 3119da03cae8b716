import type {Fired} from "./read-features.js";

/** What fired, feature by feature. */
export interface ByFeature {
  /** Feature f has the entries `starts[f]` … `starts[f + 1] − 1`. */
  readonly starts: Uint32Array;
  /** Ascending within a feature. */
  readonly tokens: Uint32Array;
  readonly values: Float32Array;
}

/** Shards of one dictionary, one behind the other, turned from token by token to feature by feature. */
export function byFeature(shards: readonly Fired[], features: number): ByFeature {
  const starts = new Uint32Array(features + 1);
  for (const {features: fired} of shards) for (const f of fired) starts[f + 1]++;
  for (let f = 0; f < features; f++) starts[f + 1] += starts[f];
  const next = starts.slice(0, features);
  const tokens = new Uint32Array(starts[features]);
  const values = new Float32Array(tokens.length);
  let first = 0;
  for (const {starts: rows, features: fired, values: given} of shards) {
    for (let t = 0; t + 1 < rows.length; t++)
      for (let i = rows[t]; i < rows[t + 1]; i++) {
        const at = next[fired[i]]++;
        tokens[at] = first + t;
        values[at] = given[i];
      }
    first += rows.length - 1;
  }
  return {starts, tokens, values};
}

/** A feature's value at a token; 0 where it does not fire. */
export function valueAt(
  {starts, tokens, values}: ByFeature,
  feature: number,
  token: number
): number {
  let [low, high] = [starts[feature], starts[feature + 1]];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle] < token) low = middle + 1;
    else high = middle;
  }
  return low < starts[feature + 1] && tokens[low] === token ? values[low] : 0;
}
