import {keyOf, philox} from "../../kernels/philox.js";
import {loadModel} from "../../model/checkpoint.js";
import type {HostTensor} from "../../model/weights.js";
import type {Environment, HostModel} from "../environment.js";
import {classes, idOf} from "./classes.js";
import type {TokenClass} from "./scores.js";
import type {ListModel} from "./training.js";

/** The classes as tokens of the list models. */
export const listClasses: readonly TokenClass[] = classes.map((of) => ({
  ...of,
  ids: of.members.map(idOf)
}));

export const listModel = (
  {shipped}: Pick<Environment, "shipped">,
  name: ListModel
): Promise<HostModel> => loadModel(shipped(name));

/** 0 … count − 1 in an order drawn by seed. */
export function permutation(count: number, seed: number): number[] {
  const words = Array.from({length: count}, (_, i) => philox([i, 0, 0, 0], keyOf(seed))[0]);
  return Array.from({length: count}, (_, i) => i).sort((a, b) => words[a] - words[b]);
}

/** The same model with the rows of its embedding, not of its unembedding, in another order. */
export function withPermutedRows({config, weights}: HostModel, seed: number): HostModel {
  const {embedding} = weights;
  const {width, vocab} = config;
  const data = new Float32Array(vocab * width);
  permutation(vocab, seed).forEach((from, to) =>
    data.set(embedding.data.subarray(from * width, (from + 1) * width), to * width)
  );
  const permuted: HostTensor = {shape: embedding.shape, data};
  return {config, weights: {...weights, embedding: permuted}};
}
