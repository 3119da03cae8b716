import {inputsOf} from "../../model/attention-bound/bound.js";
import {headOf, longestInput} from "../../model/attention-bound/head.js";
import {loadModel} from "../../model/checkpoint.js";
import type {Site} from "../../model/sites.js";
import {type Environment, using} from "../environment.js";
import {readHeldOut, statesOf} from "./pairs.js";
import type {HeadCase} from "./random-heads.js";

/** Tokens of the controls that trained heads are bounded for. */
const K = 3;

/** A head of a shipped model. */
export interface TrainedHead extends HeadCase {
  readonly model: string;
  readonly layer: number;
  readonly index: number;
}

/**
 * Every head of a shipped model before a state of held-out text, with the inputs that it has there; a
 * control's inputs are as long as any that the norm before the head lets through.
 */
export async function trainedHeads(
  environment: Pick<Environment, "open" | "shipped">,
  model: string
): Promise<TrainedHead[]> {
  const files = environment.shipped(model);
  const {config, weights, tokenizer} = await loadModel(files);
  const [state] = statesOf(await readHeldOut(files));
  const begin = tokenizer.begin === undefined ? [] : [tokenizer.begin];
  const sites = weights.blocks.map((_, layer): Site => `blocks.${layer}.ln1.hook_normalized`);
  const {activations} = await using(environment, {config, weights}, (backend) =>
    backend.forward({
      ...{tokens: [[...begin, ...state.tokens]], sites, edits: []},
      ...{logits: "none", top: 0, lens: 0}
    })
  );
  return weights.blocks.flatMap(({norm1}, layer) => {
    const inputs = inputsOf(activations.get(sites[layer])!.data, config.width);
    return Array.from({length: config.heads}, (_, index): TrainedHead => ({
      ...{model, layer, index, state: inputs},
      head: headOf(config, weights, {layer, head: index}),
      size: {k: K, norm: longestInput(norm1)}
    }));
  });
}
