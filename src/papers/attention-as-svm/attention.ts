import {type Instance, largest, worths} from "./instance.js";
import {addOuter, addScaled, applyInto, dot, type Matrix, zeros} from "./matrix.js";

/** A pass through the head, and the gradient of its loss. */
export interface Pass {
  /** Mean of `log(1 + exp(−y f))`, in nats. */
  readonly loss: number;
  /** The token `α` that most attention goes to, of each sample. */
  readonly selected: readonly number[];
  /** One less the attention that it gets, of each sample: exact where that is nearly 1. */
  readonly missed: readonly number[];
  /** `∂loss/∂W = gradient · exp(logScale)`, `[width, width]`; written over by the next pass. */
  readonly gradient: Matrix;
  /** 0 where every token but the selected ones has probability 0 and the gradient with them. */
  readonly logScale: number;
}

/**
 * One head, `f = vᵀ Xᵀ softmax(X W z)`, and its loss. Scores and worths are taken relative to the
 * selected token `α`, so that the gradient is a sum over the other tokens alone,
 * `Σ p_t (γ_t − γ̄)(x_t − x_α) zᵀ`: nothing is subtracted from 1, and a common factor of all `p_t` is
 * kept apart as a logarithm, so that training goes on where they are too small to be written.
 */
export function openHead(instance: Instance): (weights: Matrix) => Pass {
  const {inputs, queries, samples, tokens, width} = instance;
  const values = worths(instance);
  const asked = new Float64Array(width);
  const pull = new Float64Array(width);
  const logs = inputs.map(() => new Float64Array(tokens));
  const gradient = zeros(width, width);
  return (weights) => {
    const each = inputs.map((x, i) => {
      applyInto(asked, weights, queries[i]);
      for (let t = 0; t < tokens; t++) logs[i][t] = dot(x[t], asked);
      return attend(logs[i], values[i]);
    });
    const logScale = likeliest(logs, each);
    gradient.data.fill(0);
    let loss = 0;
    for (let i = 0; i < samples; i++) {
      const {alpha, above, value} = each[i];
      loss += Math.log1p(Math.exp(-value)) / samples;
      pull.fill(0);
      let whole = 0;
      for (let t = 0; t < tokens; t++) {
        if (t === alpha) continue;
        const share = Math.exp(logs[i][t] - logScale) * (values[i][t] - values[i][alpha] - above);
        addScaled(pull, share, inputs[i][t]);
        whole += share;
      }
      addScaled(pull, -whole, inputs[i][alpha]);
      addOuter(gradient, -1 / (1 + Math.exp(value)) / samples, pull, queries[i]);
    }
    return {
      loss,
      selected: each.map(({alpha}) => alpha),
      missed: each.map(({missed}) => missed),
      gradient,
      logScale
    };
  };
}

interface Attended {
  readonly alpha: number;
  readonly missed: number;
  /** The mean worth under attention, and by how much it is above that of `α`. */
  readonly value: number;
  readonly above: number;
}

/** Attention of one sample. The scores become logarithms of probabilities. */
function attend(scores: Float64Array, worth: Float64Array): Attended {
  const alpha = largest(scores);
  const top = scores[alpha];
  let [sum, above] = [0, 0];
  for (let t = 0; t < scores.length; t++) {
    if (t === alpha) continue;
    const share = Math.exp(scores[t] - top);
    sum += share;
    above += share * (worth[t] - worth[alpha]);
  }
  above /= 1 + sum;
  const rest = Math.log1p(sum);
  for (let t = 0; t < scores.length; t++) scores[t] = scores[t] - top - rest;
  return {alpha, missed: sum / (1 + sum), value: worth[alpha] + above, above};
}

/** The largest logarithm of the probability of a token that is not selected. */
function likeliest(logs: readonly Float64Array[], each: readonly Attended[]): number {
  let most = -Infinity;
  for (const [i, {alpha}] of each.entries())
    for (let t = 0; t < logs[i].length; t++)
      if (t !== alpha && logs[i][t] > most) most = logs[i][t];
  return most;
}
