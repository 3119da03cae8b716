import {type Claim, isFound, type Row, type Verdict} from "../claim.js";
import type {Dictionary} from "../../model/dictionary.js";
import {type House, slug, someWindows} from "./house.js";
import {
  meanAblatedLoss,
  type Plain,
  readPlain,
  readSpliced,
  rotated,
  type Spliced
} from "./splicing.js";

const THEIRS = "GPT-2 small, Pythia 410m and 1.4b; transcoders of 16 to 32 times the width";
export const setting = {
  theirs: THEIRS,
  ours: "house-3m, 3 M weights; 3,072 features a layer, 16 times the width, 20 of them at a token"
};

const layerName = (layer: number) => `layer ${layer}`;

/** How well the model does with transcoders in place of its MLPs. */
export async function* inPlace(
  house: House,
  {seed, count}: {readonly seed: number; readonly count: number}
): AsyncGenerator<Row> {
  const found = (expect: Verdict, claim: Claim): Promise<Row> =>
    isFound(slug, seed, {setting, ...claim}, expect);
  const {config, backend, transcoders, cards} = house;
  const layers = Array.from({length: config.layers}, (_, layer) => layer);
  const plain = await readPlain(backend, someWindows(house, count, seed), config.layers);
  const read = once((dictionary: Dictionary) => readSpliced(plain, [dictionary]));
  const broken = new Map(transcoders.map((one) => [one, rotated(one)]));
  const recovered = await recovery(plain, layers);
  const each = async (
    of: readonly Dictionary[],
    value: (one: Spliced, layer: number) => number
  ) => {
    const values: number[] = [];
    for (const layer of layers) values.push(value(await read(of[layer]), layer));
    return values;
  };
  const beside = (values: readonly number[]) =>
    values.map((value, layer) => ({name: layerName(layer), value}));
  const wrong = transcoders.map((one) => broken.get(one)!);
  const kept = cards.transcoders.map((card) => card.loss_recovered_from_mean);
  const [{loss_tokens: tokens}] = cards.transcoders;
  const lossRecovered = (of: readonly Dictionary[]) =>
    each(of, ({loss}, layer) => recovered(layer, loss));

  yield await found("holds-here", {
    claim: "a transcoder in place of any one MLP keeps nearly all of what that MLP is worth",
    metric: `least loss recovered of six layers, of what the MLP's mean would lose; on their cards, of ${tokens} held-out tokens`,
    reported: "at equal sparsity as good as a sparse autoencoder or better (its figures)",
    op: ">=",
    threshold: 0.9,
    beside: beside(kept),
    value: () => Promise.resolve(Math.min(...kept)),
    control: {
      name: "each feature writes the next one's row",
      value: async () => Math.max(...(await lossRecovered(wrong)))
    }
  });
  yield await found("holds-here", {
    claim: "with it, the model's predictions hardly move",
    metric: "largest mean KL of six layers, in nats",
    op: "<=",
    threshold: 0.15,
    beside: beside(await each(transcoders, ({divergence}) => divergence)),
    value: async () => Math.max(...(await each(transcoders, ({divergence}) => divergence))),
    control: {
      name: "each feature writes the next one's row, in layer 0",
      value: async () => (await read(wrong[0])).divergence
    }
  });
  yield await found("holds-here", {
    claim: "twenty features at a token explain most of what an MLP writes",
    metric: "least variance explained of six layers",
    op: ">=",
    threshold: 0.5,
    beside: beside(await each(transcoders, ({explained}) => explained)),
    value: async () => Math.min(...(await each(transcoders, ({explained}) => explained))),
    control: {
      name: "each feature writes the next one's row",
      value: async () => Math.max(...(await each(wrong, ({explained}) => explained)))
    }
  });
  yield await found("holds-here", {
    claim: "and no more than twenty fire",
    metric: "most features that fire at a token, on average, of six layers",
    op: "<=",
    threshold: 20,
    beside: beside(await each(transcoders, ({l0}) => l0[0])),
    value: async () => Math.max(...(await each(transcoders, ({l0}) => l0[0]))),
    control: {
      name: "without the limit of twenty, in layer 0",
      value: async () => (await read(unlimited(transcoders[0]))).l0[0]
    }
  });
  yield await found("holds-here", {
    claim: "all six at once, the model still reads nearly as well",
    metric: "nats per token that it loses",
    op: "<=",
    threshold: 0.5,
    beside: [
      {name: "the model as it is", value: plain.loss},
      {name: "the means of all MLPs", value: await meanAblatedLoss(plain, layers)}
    ],
    value: async () => (await readSpliced(plain, transcoders)).loss - plain.loss,
    control: {
      name: "each feature writes the next one's row",
      value: async () => (await readSpliced(plain, wrong)).loss - plain.loss
    }
  });
  const gaps = (of: readonly number[]) =>
    of.map((own, layer) => own - cards.saes[layer].loss_recovered_from_mean);
  const near = (of: readonly number[]) => gaps(of).filter((gap) => gap >= -0.03).length;
  yield await found("holds-here", {
    claim: "at the same twenty features a transcoder keeps as much as a sparse autoencoder does",
    metric:
      "layers of six where its loss recovered is at most 0.03 below the autoencoder's, on their cards",
    reported: "at least as well, in three models",
    op: ">=",
    threshold: 4,
    beside: beside(gaps(kept)),
    value: () => Promise.resolve(near(kept)),
    control: {
      name: "each feature writes the next one's row",
      value: async () => near(await lossRecovered(wrong))
    }
  });
  const dead = cards.transcoders.map((card) => card.dead);
  yield await found("holds-here", {
    claim: "hardly a feature is dead",
    metric: "largest share of a layer's features that never fire on all held-out text",
    op: "<=",
    threshold: 0.05,
    beside: beside(dead),
    value: () => Promise.resolve(Math.max(...dead)),
    control: {
      name: "on one window of 256 tokens",
      value: () => deadOn(plain, transcoders)
    }
  });
}

/** The share of the MLP's worth that a loss keeps. */
async function recovery(
  plain: Plain,
  layers: readonly number[]
): Promise<(layer: number, loss: number) => number> {
  const means: number[] = [];
  for (const layer of layers) means.push(await meanAblatedLoss(plain, [layer]));
  return (layer, loss) => (means[layer] - loss) / (means[layer] - plain.loss);
}

/** The same with as many features as are above 0. */
const unlimited = (dictionary: Dictionary): Dictionary => ({
  ...dictionary,
  encoder: {...dictionary.encoder, activation: {kind: "relu"}}
});

async function deadOn(
  {backend, windows}: Plain,
  dictionaries: readonly Dictionary[]
): Promise<number> {
  const {features} = await backend.forward({
    ...{tokens: [windows[0]], sites: [], edits: [], logits: "none", top: 0, lens: 0},
    dictionaries: {dictionaries, splice: new Map(), edits: []}
  });
  const shares = [...features!.values()].map(
    (active) => 1 - new Set(active.indices).size / active.features
  );
  return Math.max(...shares);
}

/** A value that is measured once for each argument. */
function once<A, R>(measure: (given: A) => Promise<R>): (given: A) => Promise<R> {
  const known = new Map<A, Promise<R>>();
  return (given) => {
    const value = known.get(given) ?? measure(given);
    known.set(given, value);
    return value;
  };
}
