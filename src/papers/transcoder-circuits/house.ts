import type {Backend} from "../../model/backend.js";
import {type Checkpoint, loadModel} from "../../model/checkpoint.js";
import {type CircuitModel, circuitModel} from "../../model/circuit/circuit-model.js";
import {openDictionaries} from "../../model/dictionaries/open.js";
import {type Dictionary, mapDictionary} from "../../model/dictionary.js";
import {parseJsonObject} from "../../model/model-file-error.js";
import type {HostTensor} from "../../model/weights.js";
import type {Environment} from "../environment.js";

export const MODEL = "house-3m";
export const slug = "transcoder-circuits";

/** What a dictionary came to on held-out text when it was made. */
export interface Card {
  /** The share of features that never fired on all of it. */
  readonly dead: number;
  /** Of what the mean in its MLP's place would lose. */
  readonly loss_recovered_from_mean: number;
  /** Tokens that the loss was measured on. */
  readonly loss_tokens: number;
}

/** The model and its dictionaries, with what each kind's card says. */
export interface House extends Pick<Checkpoint, "config" | "weights" | "tokenizer"> {
  readonly backend: Backend;
  readonly transcoders: readonly Dictionary[];
  /** What the cards say of them, by layer. */
  readonly cards: {readonly transcoders: readonly Card[]; readonly saes: readonly Card[]};
  /** Held-out windows of the model's context. */
  readonly windows: readonly (readonly number[])[];
  readonly circuits: CircuitModel;
}

/** Opens the model once, with the dictionaries of all its layers in memory. */
export async function openHouse(environment: Environment): Promise<House> {
  const files = environment.shipped(MODEL);
  const {config, weights, tokenizer} = await loadModel(files);
  const layers = Array.from({length: config.layers}, (_, layer) => layer);
  const inMemory = ({shape, data}: HostTensor): HostTensor => ({shape, data});
  const transcoders: Dictionary[] = [];
  for (const layer of layers) {
    const name = `mlp${layer}tc`;
    const set = await openDictionaries(environment.shipped(`${MODEL}/${name}`), config, name);
    transcoders.push(mapDictionary(set.dictionaries[0], {vector: inMemory, matrix: inMemory}));
  }
  const cardsOf = async (kind: "tc" | "sae"): Promise<Card[]> => {
    const cards: Card[] = [];
    for (const layer of layers) {
      const dictionary = environment.shipped(`${MODEL}/mlp${layer}${kind}`);
      const card = parseJsonObject(await dictionary.read("dictionary.json"), "dictionary.json");
      cards.push((card as unknown as {readonly heldout: Card}).heldout);
    }
    return cards;
  };
  const {windows} = parseJsonObject(await files.read("heldout.json"), "heldout.json") as {
    windows: readonly {readonly tokens: readonly number[]}[];
  };
  const cards = {transcoders: await cardsOf("tc"), saes: await cardsOf("sae")};
  const backend = await environment.open({config, weights});
  return {
    ...{config, weights, tokenizer, backend, transcoders, cards},
    windows: windows.map(({tokens}) => tokens),
    circuits: circuitModel({config, weights, backend}, transcoders)
  };
}

/** `count` of the windows, evenly spread, others for another seed. */
export const someWindows = (
  {windows}: Pick<House, "windows">,
  count: number,
  seed: number
): (readonly number[])[] =>
  Array.from(
    {length: count},
    (_, i) => windows[(Math.floor((i * windows.length) / count) + seed) % windows.length]
  );
