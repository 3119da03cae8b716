import type {Backend, ForwardResult} from "../../model/backend.js";
import type {Dictionary} from "../../model/dictionary.js";
import type {Edit} from "../../model/edits.js";
import type {Site} from "../../model/sites.js";
import {allLogits, logSoftmaxRow} from "../measures.js";

/** What dictionaries in place of MLPs do on windows of text. */
export interface Spliced {
  /** Nats per token. */
  readonly loss: number;
  /** Mean KL from the model as it is, in nats. */
  readonly divergence: number;
  /** Features that fire at a token, on average, of each dictionary. */
  readonly l0: readonly number[];
  /** Of what the MLP writes, where one dictionary stands in for it. */
  readonly explained: number;
}

/** The model as it is, on windows of one length. */
export interface Plain {
  readonly backend: Backend;
  readonly windows: readonly (readonly number[])[];
  readonly results: readonly ForwardResult[];
  readonly loss: number;
  /** By layer, the mean of what its MLP writes, `[width]`. */
  readonly means: readonly Float32Array[];
}

const written = (layer: number): Site => `blocks.${layer}.hook_mlp_out`;

export async function readPlain(
  backend: Backend,
  windows: Plain["windows"],
  layers: number
): Promise<Plain> {
  const sites = Array.from({length: layers}, (_, layer) => written(layer));
  const results: ForwardResult[] = [];
  for (const window of windows)
    results.push(await backend.forward({...allLogits([window]), sites}));
  const means = sites.map((site) => {
    const width = results[0].activations.get(site)!.shape.at(-1)!;
    const sum = new Float64Array(width);
    let rows = 0;
    for (const {activations} of results) {
      const {data} = activations.get(site)!;
      data.forEach((v, i) => (sum[i % width] += v));
      rows += data.length / width;
    }
    return Float32Array.from(sum, (v) => v / rows);
  });
  return {backend, windows, results, means, loss: lossOf(windows, results)};
}

/** With dictionaries in the place of the MLPs that they stand for. */
export async function readSpliced(
  {backend, windows, results}: Plain,
  dictionaries: readonly Dictionary[]
): Promise<Spliced> {
  const site = dictionaries[0].outputs[0].site;
  const found: ForwardResult[] = [];
  for (const window of windows)
    found.push(
      await backend.forward({
        ...{...allLogits([window]), sites: [site]},
        dictionaries: {
          dictionaries,
          splice: new Map(dictionaries.map(({name}) => [name, {error: false}])),
          edits: []
        }
      })
    );
  const tokens = windows.reduce((sum, {length}) => sum + length, 0);
  return {
    loss: lossOf(windows, found),
    divergence: divergence(results, found),
    l0: dictionaries.map(
      ({name}) =>
        found.reduce((sum, {features}) => sum + features!.get(name)!.indices.length, 0) / tokens
    ),
    explained: explained(
      results.map(({activations}) => activations.get(site)!.data),
      found.map(({activations}) => activations.get(site)!.data),
      dictionaries[0].outputs[0].decoder.shape[1]
    )
  };
}

/** The loss with the mean of what an MLP writes in its place: of one layer, or of all. */
export async function meanAblatedLoss(
  {backend, windows, means}: Plain,
  layers: readonly number[]
): Promise<number> {
  const edits = layers.map((layer): Edit => ({
    ...{site: written(layer), op: "replace", value: means[layer]}
  }));
  const found: ForwardResult[] = [];
  for (const window of windows) found.push(await backend.forward({...allLogits([window]), edits}));
  return lossOf(windows, found);
}

/** The features of one dictionary write what others should: its decoder's rows are moved on by one. */
export function rotated(dictionary: Dictionary): Dictionary {
  const [output, ...others] = dictionary.outputs;
  const {shape, data} = output.decoder;
  const moved = Float32Array.from(data, (_, i) => data[(i + shape[1]) % data.length]);
  return {...dictionary, outputs: [{...output, decoder: {shape, data: moved}}, ...others]};
}

function* logRows({logits}: ForwardResult): Generator<Float64Array> {
  const vocab = logits!.shape.at(-1)!;
  for (let at = 0; at < logits!.data.length; at += vocab)
    yield logSoftmaxRow(logits!.data.subarray(at, at + vocab));
}

function lossOf(windows: Plain["windows"], results: readonly ForwardResult[]): number {
  let nats = 0;
  let count = 0;
  for (const [i, window] of windows.entries()) {
    const rows = [...logRows(results[i])];
    for (let pos = 0; pos + 1 < window.length; pos++) nats -= rows[pos][window[pos + 1]];
    count += window.length - 1;
  }
  return nats / count;
}

function divergence(exact: readonly ForwardResult[], other: readonly ForwardResult[]): number {
  let sum = 0;
  let count = 0;
  for (const [i, result] of exact.entries()) {
    const others = logRows(other[i]);
    for (const row of logRows(result)) {
      const beside = others.next().value as Float64Array;
      sum += row.reduce((total, v, t) => total + Math.exp(v) * (v - beside[t]), 0);
      count++;
    }
  }
  return sum / count;
}

/** 1 − Σ‖made − true‖² / Σ‖true − mean‖². */
function explained(
  exact: readonly Float32Array[],
  made: readonly Float32Array[],
  width: number
): number {
  const sum = new Float64Array(width);
  let rows = 0;
  for (const values of exact) {
    values.forEach((v, i) => (sum[i % width] += v));
    rows += values.length / width;
  }
  let [missed, all] = [0, 0];
  for (const [n, values] of exact.entries())
    for (let i = 0; i < values.length; i++) {
      missed += (made[n][i] - values[i]) ** 2;
      all += (values[i] - sum[i % width] / rows) ** 2;
    }
  return 1 - missed / all;
}
