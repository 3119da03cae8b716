import type {ModelConfig} from "../model/config.js";
import type {Jax, JaxArray} from "../model/jax.js";
import {forward} from "../model/transformer.js";
import {wasmOps} from "../model/wasm-ops.js";
import {mapWeights, type Weights} from "../model/weights.js";

/** Arrays by the names that `mapWeights` gives a model's weights. */
export type Parameters = Record<string, JaxArray>;

/**
 * The mean cross-entropy, in nats per token, of a model's predictions, to be traced by jax-js.
 *
 * @param names The tree of the weights' names.
 * @returns A function of the weights, the tokens `[batch, pos]` and what follows each, `[batch, pos]`.
 */
export function lossProgram(
  jax: Jax,
  config: ModelConfig,
  names: Weights<string>
): (parameters: Parameters, tokens: JaxArray, targets: JaxArray) => JaxArray {
  const {numpy: np, nn} = jax;
  return (parameters, tokens, targets) => {
    const weightOf = (name: string) => parameters[name];
    const weights = mapWeights(names, {vector: weightOf, matrix: weightOf});
    const [, pos] = tokens.shape;
    const range = np.arange(pos);
    const ops = wasmOps(jax, {positions: range, last: range, range, edits: new Map()});
    const {logits} = forward(ops, config, weights, {
      tokens,
      start: 0,
      sites: new Set(),
      edits: new Map(),
      logits: "all"
    });
    const right = nn.oneHot(targets, config.vocab);
    const predicted = np.sum(logits.ref.mul(right), -1);
    return np.mean(nn.logsumexp(logits, -1).sub(predicted));
  };
}
