import {constraintsOf} from "./constraints.js";
import {frobeniusSteps} from "./frobenius-svm.js";
import {bestTokens, type InstanceSize, randomInstance} from "./instance.js";
import {correlation, type Matrix} from "./matrix.js";
import {nuclearSteps} from "./nuclear-svm.js";
import {train, type TrainingOptions, type TrainingStep} from "./training.js";
import {START_SEED} from "./trial.js";

/** One step of a head's training beside the SVMs of the tokens that it selects in the end. */
export interface Moment {
  readonly step: number;
  /** Of `W` with each SVM's solution; null where no matrix separates the selected tokens. */
  readonly frobenius: number | null;
  readonly nuclear: number | null;
  /** Attention that does not go to the selected token, the mean over samples. */
  readonly missed: number;
}

export interface History {
  readonly moments: readonly Moment[];
  /** In how many samples the token of most worth won. */
  readonly best: number;
  readonly samples: number;
}

/** Steps that are kept: evenly spaced in their logarithm, each tenfold in so many. */
const PER_TENFOLD = 16;

const isKept = (step: number, steps: number): boolean =>
  step === 0 ||
  step === steps ||
  Math.floor(PER_TENFOLD * Math.log10(step)) > Math.floor(PER_TENFOLD * Math.log10(step - 1));

/** Trains one head on random data and compares every kept step with both SVMs. To be done in pieces. */
export function* trainingHistory(
  size: InstanceSize,
  options: TrainingOptions
): Generator<void, History, void> {
  const instance = randomInstance(size, options.seed);
  const kept: TrainingStep[] = [];
  const training = train(instance, {...options, seed: options.seed + START_SEED});
  for (const step of training) {
    if (isKept(step.step, options.steps))
      kept.push({...step, weights: {...step.weights, data: step.weights.data.slice()}});
    if (step.step % 50 === 0) yield;
  }
  const {selected} = kept[kept.length - 1];
  const constraints = constraintsOf(instance, selected);
  const frobenius = yield* frobeniusSteps(constraints);
  const nuclear = frobenius.feasible ? yield* nuclearSteps(constraints, frobenius.weights) : null;
  const along = (weights: Matrix, solution: Matrix | undefined) =>
    solution ? correlation(weights, solution) : null;
  return {
    moments: kept.map(({step, weights, missed}) => ({
      step,
      frobenius: along(weights, nuclear ? frobenius.weights : undefined),
      nuclear: along(weights, nuclear?.weights),
      missed: missed.reduce((sum, p) => sum + p, 0) / missed.length
    })),
    best: bestTokens(instance).filter((token, i) => token === selected[i]).length,
    samples: size.samples
  };
}
