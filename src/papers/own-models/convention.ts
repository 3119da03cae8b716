import {type Shape, size} from "../../gpu/shape.js";
import {loadModel} from "../../model/checkpoint.js";
import type {ModelConfig} from "../../model/config.js";
import {foldWeights, inConvention} from "../../model/convention.js";
import {forward} from "../../model/transformer.js";
import {twinOps, type TwinTensor} from "../../model/twin-ops.js";
import {type HostTensor, mapWeights, type Weights} from "../../model/weights.js";
import {mustHold, type Row} from "../claim.js";
import {type Environment, using} from "../environment.js";
import {logSoftmaxRow, meanKl} from "../measures.js";

const MODEL = "house-1m";
const TOKENS = 16;
/** A sentence's; of no word. */
const ids = (vocab: number): number[] =>
  Array.from({length: TOKENS}, (_, i) => (i * i * 7 + 3) % vocab);

/** Weights that are folded and centred as TransformerLens does it predict what the raw ones do. */
export async function* convention(slug: string, environment: Environment): AsyncGenerator<Row> {
  const {config, weights} = await loadModel(environment.shipped(MODEL));
  const folded = foldWeights(config, weights, made);
  const widen = ({shape, data}: HostTensor) => ({shape, data: Float64Array.from(data)});
  const raw = predicted(config, mapWeights(weights, {vector: widen, matrix: widen}));
  const difference = (of: Weights<TwinTensor>) =>
    Promise.resolve(largestShare(raw, predicted(config, of)));
  yield await mustHold(slug, environment.seed, {
    claim: "folded and centred weights predict what the raw ones do",
    metric: `largest difference of ${raw.length} log-probabilities of the shipped model in float64, as a share`,
    op: "<=",
    threshold: 1e-9,
    value: () => difference(folded),
    control: {
      name: "folded without the biases of norms",
      value: () => difference(foldWeights(config, withoutNormBiases(weights), made))
    }
  });
  const texts = [ids(config.vocab)];
  const kl = (given: Weights<HostTensor>) =>
    using(environment, {config, weights}, (p) =>
      using(environment, {config, weights: inConvention(config, given, "folded")}, (q) =>
        meanKl(p, q, texts)
      )
    );
  yield await mustHold(slug, environment.seed, {
    claim: "folded and centred weights predict what the raw ones do where a reader runs them",
    metric: `mean KL of ${TOKENS} predictions of the shipped model in 32-bit floats, nats`,
    op: "<=",
    threshold: 1e-6,
    value: () => kl(weights),
    control: {
      name: "folded without the biases of norms",
      value: () => kl(withoutNormBiases(weights))
    }
  });
}

const made = (shape: Shape, fill: (out: Float64Array) => void): TwinTensor => {
  const data = new Float64Array(size(shape));
  fill(data);
  return {shape, data};
};

const withoutNormBiases = (weights: Weights<HostTensor>): Weights<HostTensor> =>
  mapWeights(weights, {
    vector: (tensor, name) =>
      /[nN]orm\d?\.bias$/.test(name)
        ? {...tensor, data: new Float32Array(tensor.data.length)}
        : tensor,
    matrix: (tensor) => tensor
  });

/** Log-probabilities of every next token of a text of tokens that do not matter. */
function predicted(config: ModelConfig, weights: Weights<TwinTensor>): Float64Array {
  const tokens = {shape: [1, TOKENS], data: Float64Array.from(ids(config.vocab))};
  const pass = {tokens, start: 0, sites: new Set<never>(), edits: new Map<never, never>()};
  const {logits} = forward(twinOps, config, weights, {...pass, logits: "all"});
  const out = new Float64Array(logits.data.length);
  for (let row = 0; row < out.length; row += config.vocab)
    out.set(logSoftmaxRow(logits.data.subarray(row, row + config.vocab)), row);
  return out;
}

const largestShare = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, v, i) => Math.max(most, Math.abs((v - b[i]) / v)), 0);
