import type {Backend, ForwardRequest} from "../../model/backend.js";
import type {Edit} from "../../model/edits.js";
import type {HostModel} from "../environment.js";
import {type Input, representations, written} from "./circuit.js";
import {withoutHead} from "./list-accuracy.js";
import type {ListText} from "./lists.js";

const request: Omit<ForwardRequest, "tokens"> = {
  sites: [],
  edits: [],
  logits: "all",
  top: 0,
  lens: 0
};

const largest = (values: Iterable<number>): number => {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
};

/**
 * How far what heads write on texts of one token, all attention on it and positions taken away, is from
 * the product of their weights: the largest difference over the largest value.
 *
 * @param input What the product is given.
 */
export async function productError(
  model: HostModel,
  backend: Backend,
  tokens: readonly number[],
  input: Input
): Promise<number> {
  const heads = Array.from({length: model.config.heads}, (_, i) => i);
  const bias = model.weights.blocks[1].output.bias!.data;
  const x = representations(model, tokens, input);
  let [difference, size] = [0, 0];
  for (const head of heads) {
    const {activations} = await backend.forward({
      ...request,
      tokens: tokens.map((token) => [token]),
      sites: ["blocks.1.hook_attn_out"],
      edits: [
        {site: "hook_pos_embed", op: "replace", value: 0},
        ...heads.filter((other) => other !== head).map(withoutHead)
      ]
    });
    const {data} = activations.get("blocks.1.hook_attn_out")!;
    const product = written(model, 1, [head], x);
    difference = Math.max(
      difference,
      largest(data.map((value, i) => value - bias[i % bias.length] - product[i]))
    );
    size = Math.max(size, largest(product));
  }
  return difference / size;
}

/**
 * How far the sum of the effects of removing each head alone is from the effect of removing all: the
 * largest difference of a logit over the largest effect.
 *
 * @param held Whether the divisor of the last norm is held at what it is with all heads.
 */
export async function additionError(
  model: HostModel,
  backend: Backend,
  texts: readonly ListText[],
  held: boolean
): Promise<number> {
  const heads = Array.from({length: model.config.heads}, (_, i) => i);
  const tokens = texts.map(({ids}) => ids.slice(0, -1));
  const whole = await backend.forward({...request, tokens, sites: ["ln_final.hook_scale"]});
  const scale = whole.activations.get("ln_final.hook_scale")!.data;
  const hold: Edit[] = held ? [{site: "ln_final.hook_scale", op: "replace", value: scale}] : [];
  const effect = async (removed: readonly number[]): Promise<Float32Array> => {
    const {logits} = await backend.forward({
      ...request,
      tokens,
      edits: [...hold, ...removed.map(withoutHead)]
    });
    return whole.logits!.data.map((value, i) => value - logits!.data[i]);
  };
  const all = await effect(heads);
  const rest = all.slice();
  for (const head of heads) (await effect([head])).forEach((value, i) => (rest[i] -= value));
  return largest(rest) / largest(all);
}
