import type {Jax, JaxArray} from "../model/jax.js";

/** Of the mean of gradients. */
const BETA1 = 0.9;
const EPS = 1e-8;

/** What AdamW remembers of one tensor: running means of its gradient and of the gradient's square. */
export type Moments = {mean: JaxArray; square: JaxArray};

/** What changes from step to step. */
export type Rates<T> = {
  rate: T;
  /** `1 - beta1^t` and `1 - beta2^t`, at the t-th step from 1. */
  meanCorrection: T;
  squareCorrection: T;
};

/** The rates of a step, from 0. */
export const ratesOf = (step: number, rate: number, beta2: number): Rates<number> => ({
  rate,
  meanCorrection: 1 - BETA1 ** (step + 1),
  squareCorrection: 1 - beta2 ** (step + 1)
});

/**
 * One step of Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay
 * Regularization", 2019), in the order of PyTorch's `AdamW`, for one tensor. To be traced; takes its
 * arrays but the rates.
 */
export function adamW(
  {numpy: np}: Jax,
  {weight, gradient, moments}: {weight: JaxArray; gradient: JaxArray; moments: Moments},
  {rate, meanCorrection, squareCorrection}: Rates<JaxArray>,
  {beta2, weightDecay}: {readonly beta2: number; readonly weightDecay: number}
): {weight: JaxArray; moments: Moments} {
  const mean = moments.mean.mul(BETA1).add(gradient.ref.mul(1 - BETA1));
  const square = moments.square.mul(beta2).add(gradient.ref.mul(gradient).mul(1 - beta2));
  const spread = np.sqrt(square.ref.div(squareCorrection.ref)).add(EPS);
  const change = mean.ref.div(meanCorrection.ref).div(spread);
  const kept = weightDecay === 0 ? weight : weight.mul(rate.ref.mul(-weightDecay).add(1));
  return {weight: kept.sub(change.mul(rate.ref)), moments: {mean, square}};
}

/** What every gradient is multiplied by, so that their norm together is at most `most`. */
export function clipFactor(
  {numpy: np}: Jax,
  gradients: readonly JaxArray[],
  most: number
): JaxArray {
  const squares = gradients.map((g) => np.sum(g.ref.mul(g.ref)));
  const norm = np.sqrt(squares.reduce((a, b) => a.add(b)));
  return np.minimum(np.array(most).div(norm.add(1e-6)), 1);
}
