import {constraintsOf, type Constraints, leastMargin} from "./constraints.js";
import {type FrobeniusSvm, frobeniusSvm} from "./frobenius-svm.js";
import {type Instance, type InstanceSize, randomInstance} from "./instance.js";
import {type Matrix, norm} from "./matrix.js";
import {type NuclearSvm, nuclearSvm} from "./nuclear-svm.js";
import {plainlyTrained, trained, type TrainingOptions, type TrainingStep} from "./training.js";

/** One head, trained on random data. */
export interface Trial {
  readonly instance: Instance;
  /** `W` before the first step. */
  readonly start: Matrix;
  readonly end: TrainingStep;
  /** `W` after as many steps of plain gradient descent. */
  readonly plainly: () => Matrix;
}

/** How far the seed of the starting weights is from the seed of the data. */
export const START_SEED = 500;

/** Draws data, and trains a head on them. */
export function runTrial(size: InstanceSize, options: TrainingOptions): Trial {
  const instance = randomInstance(size, options.seed);
  const training = {...options, seed: options.seed + START_SEED};
  return {
    instance,
    start: trained(instance, {...training, steps: 0}).weights,
    end: trained(instance, training),
    plainly: () => plainlyTrained(instance, training)
  };
}

/** The two SVMs of one choice of tokens. */
export interface Svms {
  readonly constraints: Constraints;
  readonly frobenius: FrobeniusSvm;
  readonly nuclear: NuclearSvm;
}

/** The SVMs that put these tokens first; null where no matrix of reasonable length does. */
export function svmsOf(instance: Instance, selected: readonly number[]): Svms | null {
  const constraints = constraintsOf(instance, selected);
  const frobenius = frobeniusSvm(constraints);
  if (!frobenius.feasible) return null;
  return {constraints, frobenius, nuclear: nuclearSvm(constraints, frobenius.weights)};
}

/** The least margin of `W` as a share of the widest that a matrix of its length can have; below 0 where it does not separate. */
export const shareOfMargin = ({constraints, frobenius}: Svms, weights: Matrix): number =>
  (leastMargin(constraints, weights) * norm(frobenius.weights.data)) / norm(weights.data);
