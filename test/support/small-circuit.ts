import {circuitModel} from "../../src/model/circuit/circuit-model.js";
import {freeze, type FrozenPass} from "../../src/model/circuit/frozen-pass.js";
import type {ModelConfig} from "../../src/model/config.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {randomDictionary} from "./small-dictionaries.js";
import {randomWeights} from "./small-models.js";

/** A pass of a small model made three layers deep, with transcoders in the first and the last. */
export async function smallCircuit(small: ModelConfig): Promise<FrozenPass> {
  const config = {...small, layers: 3, ...(small.windows && {windows: [...small.windows, null]})};
  const weights = randomWeights(config, 7);
  const dictionaries = [0, 2].map((layer) =>
    randomDictionary(config, 3 + layer, {
      ...{name: `mlp${layer}tc`, kind: "transcoder", activation: "top-k"},
      input: `blocks.${layer}.ln2.hook_normalized`,
      outputs: [`blocks.${layer}.hook_mlp_out`]
    })
  );
  const backend = await openTwin(config, weights);
  return freeze(circuitModel({config, weights, backend}, dictionaries), [3, 1, 4, 1, 5, 9]);
}
