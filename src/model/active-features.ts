import type {HostTensor} from "./weights.js";

/** The features that fire at each token, in host memory. */
export interface ActiveFeatures {
  readonly batch: number;
  readonly tokens: number;
  /** How many features the dictionary has. */
  readonly features: number;
  /** Row `batch · tokens + pos` has the entries `starts[row]` … `starts[row + 1] − 1`. */
  readonly starts: Uint32Array;
  /** Ascending within a row. */
  readonly indices: Uint32Array;
  readonly values: Float32Array;
}

/** Of `[batch, pos, features]`, those that are not 0. */
export function activeFeatures({
  shape: [batch, tokens, features],
  data
}: HostTensor): ActiveFeatures {
  const starts = new Uint32Array(batch * tokens + 1);
  for (let row = 0; row < batch * tokens; row++) {
    let count = 0;
    for (let i = row * features; i < (row + 1) * features; i++) if (data[i] !== 0) count++;
    starts[row + 1] = starts[row] + count;
  }
  const indices = new Uint32Array(starts[batch * tokens]);
  const values = new Float32Array(indices.length);
  let at = 0;
  data.forEach((v, i) => {
    if (v === 0) return;
    indices[at] = i % features;
    values[at++] = v;
  });
  return {batch, tokens, features, starts, indices, values};
}

/** The features that fire in a row, `batch · tokens + pos`: each feature's number and its value. */
export function* firedAt(
  {starts, indices, values}: ActiveFeatures,
  row: number
): Generator<readonly [feature: number, value: number]> {
  for (let i = starts[row]; i < starts[row + 1]; i++) yield [indices[i], values[i]];
}

/** The value of one feature at one token of a sequence; 0 where it does not fire. */
export function featureAt(
  {tokens, starts, indices, values}: ActiveFeatures,
  feature: number,
  pos: number,
  batch = 0
): number {
  const row = batch * tokens + (pos < 0 ? pos + tokens : pos);
  const at = indices.subarray(starts[row], starts[row + 1]).indexOf(feature);
  return at < 0 ? 0 : values[starts[row] + at];
}

/** Those of one sequence of the batch. */
export function sequenceFeatures(
  {tokens, features, starts, indices, values}: ActiveFeatures,
  sequence: number
): ActiveFeatures {
  const rows = starts.slice(sequence * tokens, (sequence + 1) * tokens + 1);
  const [first, last] = [rows[0], rows.at(-1)!];
  return {
    ...{batch: 1, tokens, features},
    starts: rows.map((start) => start - first),
    indices: indices.slice(first, last),
    values: values.slice(first, last)
  };
}

/**
 * Of features of several layers, each layer's `[batch, pos, features]`, the `k` largest of each token
 * over all layers together, the others 0; of equal values those of the first layer and feature stay.
 */
export function keepTogether(layers: readonly HostTensor[], k: number): HostTensor[] {
  const kept = layers.map(({shape, data}) => ({shape, data: new Float32Array(data.length)}));
  const rows = layers[0].shape[0] * layers[0].shape[1];
  for (let row = 0; row < rows; row++) {
    const all = layers.flatMap(({shape: [, , features], data}, layer) =>
      Array.from({length: features}, (_, f) => ({
        layer,
        at: row * features + f,
        v: data[row * features + f]
      }))
    );
    all.sort((a, b) => b.v - a.v);
    for (const {layer, at, v} of all.slice(0, k)) kept[layer].data[at] = v;
  }
  return kept;
}
