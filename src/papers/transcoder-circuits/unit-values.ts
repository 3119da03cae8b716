import type {Random} from "../../corpus/random.js";
import type {Backend} from "../../model/backend.js";
import type {Dictionary} from "../../model/dictionary.js";
import type {Site} from "../../model/sites.js";
import type {HostTensor} from "../../model/weights.js";
import {type Fired, readFeatures} from "../../recording/read-features.js";

const BATCH = 4;

const batchesOf = (windows: readonly (readonly number[])[]) =>
  Array.from({length: Math.ceil(windows.length / BATCH)}, (_, i) =>
    windows.slice(i * BATCH, (i + 1) * BATCH)
  );

/** What `chosen` features of each dictionary are at every token, one array a feature. */
export async function featureValues(
  backend: Backend,
  dictionaries: readonly Dictionary[],
  windows: readonly (readonly number[])[],
  chosen: readonly number[]
): Promise<Float32Array[]> {
  const tokens = windows.reduce((sum, window) => sum + window.length, 0);
  const values = dictionaries.map(() => chosen.map(() => new Float32Array(tokens)));
  const placeOf = new Map(chosen.map((feature, i) => [feature, i]));
  let first = 0;
  for (const batch of batchesOf(windows)) {
    const fired = await readFeatures(backend, dictionaries, batch);
    dictionaries.forEach(({name}, d) => spread(fired.get(name)!, values[d], placeOf, first));
    first += batch.length * batch[0].length;
  }
  return values.flat();
}

function spread(
  {starts, features, values}: Fired,
  into: readonly Float32Array[],
  placeOf: ReadonlyMap<number, number>,
  first: number
): void {
  for (let t = 0; t + 1 < starts.length; t++)
    for (let i = starts[t]; i < starts[t + 1]; i++) {
      const place = placeOf.get(features[i]);
      if (place !== undefined) into[place][first + t] = values[i];
    }
}

/** Each number of some activations at every token, one array a number, what is below 0 as 0. */
export async function siteValues(
  backend: Backend,
  sites: readonly Site[],
  windows: readonly (readonly number[])[]
): Promise<Float32Array[]> {
  const tokens = windows.reduce((sum, window) => sum + window.length, 0);
  const values: Float32Array[][] = sites.map(() => []);
  let first = 0;
  for (const batch of batchesOf(windows)) {
    const {activations} = await backend.forward({
      ...{tokens: batch, sites, edits: [], logits: "none", top: 0, lens: 0}
    });
    const rows = batch.length * batch[0].length;
    sites.forEach((site, s) => {
      const {data} = activations.get(site)!;
      const width = data.length / rows;
      if (values[s].length === 0)
        values[s] = Array.from({length: width}, () => new Float32Array(tokens));
      for (let row = 0; row < rows; row++)
        for (let c = 0; c < width; c++)
          values[s][c][first + row] = Math.max(0, data[row * width + c]);
    });
    first += rows;
  }
  return values.flat();
}

const MOST_TOGETHER = 20;

/** A dictionary's like that reads the same activation with other encoder rows, `[features, width]`. */
export function readerOf(
  {input, normalization, outputs, minus}: Dictionary,
  name: string,
  weight: HostTensor,
  activation: "relu" | "top-k"
): Dictionary {
  const [features] = weight.shape;
  const zeros = {shape: [features], data: new Float32Array(features)};
  return {
    ...{name, kind: "transcoder", input, normalization},
    encoder: {
      weight,
      bias: zeros,
      activation:
        activation === "relu" ? {kind: "relu"} : {kind: "top-k", k: MOST_TOGETHER, rectified: true}
    },
    outputs: [{site: outputs[0].site, decoder: weight}],
    minus: {shape: [features], data: minus.data.subarray(0, features)}
  };
}

/** Directions that are all alike, of unit length about. */
export function randomRows(count: number, width: number, normal: () => number): HostTensor {
  const data = Float32Array.from({length: count * width}, () => normal() / Math.sqrt(width));
  return {shape: [count, width], data};
}

/** Rows of an activation at tokens that are drawn, less their mean, each of unit length. */
export function drawnRows(
  {data}: Pick<HostTensor, "data">,
  width: number,
  count: number,
  random: Random
): HostTensor {
  const rows = data.length / width;
  const mean = new Float64Array(width);
  data.forEach((v, i) => (mean[i % width] += v / rows));
  const drawn = random.sample([...Array(rows).keys()], Math.min(count, rows));
  const out = new Float32Array(drawn.length * width);
  drawn.forEach((row, i) => {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += (data[row * width + c] - mean[c]) ** 2;
    for (let c = 0; c < width; c++)
      out[i * width + c] = (data[row * width + c] - mean[c]) / Math.sqrt(sum);
  });
  return {shape: [drawn.length, width], data: out};
}
