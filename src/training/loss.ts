import type {ModelConfig} from "../model/config.js";
import type {Jax, JaxArray} from "../model/jax.js";
import {rotaryTables} from "../model/rotary-table.js";
import {forward} from "../model/transformer.js";
import {wasmOps} from "../model/wasm-ops.js";
import {type HostTensor, mapWeights, type Weights} from "../model/weights.js";

/** Arrays by the names that `mapWeights` gives a model's weights. */
export type Parameters = Record<string, JaxArray>;

/** What a model is to learn from in one step. */
export type Examples = {
  /** Token ids `[batch, pos]`. */
  tokens: JaxArray;
  /** The token after each, `[batch, pos]`. */
  targets: JaxArray;
  /** `[pos]`: 0, 1, 2 … */
  range: JaxArray;
};

/**
 * The mean cross-entropy, in nats per token, of a model's predictions, to be traced by jax-js.
 *
 * @param names The tree of the weights' names.
 */
export function lossProgram(
  jax: Jax,
  config: ModelConfig,
  names: Weights<string>
): (parameters: Parameters, examples: Examples) => JaxArray {
  const {numpy: np, nn} = jax;
  const array = ({shape, data}: HostTensor) => np.array(data, {shape: [...shape], device: "wasm"});
  return (parameters, {tokens, targets, range}) => {
    const weightOf = (name: string) => parameters[name];
    const weights = mapWeights(names, {vector: weightOf, matrix: weightOf});
    const [rotary] = rotaryTables(config).map(({cos, sin}) => ({cos: array(cos), sin: array(sin)}));
    const ops = wasmOps(jax, {positions: range, last: range, range, rotary, edits: new Map()});
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
