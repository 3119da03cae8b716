import type {Jax, JaxArray} from "../model/jax.js";
import type {Weights} from "../model/weights.js";
import {adamW, clipFactor, type Moments, type Rates} from "./adamw.js";
import {type LmConfig, modelConfig} from "./lm-config.js";
import {type Examples, lossProgram, type Parameters} from "./loss.js";

export type Trained = {weights: Parameters; moments: Record<string, Moments>};

/**
 * One step of training, to be compiled by jax-js: loss, gradient, clipping and AdamW. It takes its
 * arrays.
 *
 * @param names The tree of the weights' names.
 * @param decayed Names of the weights that decay.
 */
export function updateProgram(
  jax: Jax,
  config: LmConfig,
  names: Weights<string>,
  decayed: ReadonlySet<string>
): (trained: Trained, examples: Examples, rates: Rates<JaxArray>) => Trained & {loss: JaxArray} {
  const lossAndGradient = jax.valueAndGrad(lossProgram(jax, modelConfig(config), names));
  return ({weights, moments}, examples, rates) => {
    const [loss, gradients] = lossAndGradient(jax.tree.ref(weights), examples);
    const factor = clipFactor(jax, Object.values(gradients), config.clip);
    const next: Trained = {weights: {}, moments: {}};
    for (const name of Object.keys(weights)) {
      const updated = adamW(
        jax,
        {
          weight: weights[name],
          gradient: gradients[name].mul(factor.ref),
          moments: moments[name]
        },
        rates,
        {beta2: config.beta2, weightDecay: decayed.has(name) ? config.weightDecay : 0}
      );
      next.weights[name] = updated.weight;
      next.moments[name] = updated.moments;
    }
    return {loss, ...next};
  };
}
