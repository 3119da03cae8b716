import {normals} from "../../kernels/normals.js";
import {openHead, type Pass} from "./attention.js";
import type {Instance} from "./instance.js";
import {
  addScaled,
  filled,
  type Matrix,
  multiplyInto,
  norm,
  transposeInto,
  zeros
} from "./matrix.js";

/** What is trained: `W` itself, or `K` and `Q` with `W = K Qᵀ`. */
export type Parameters = "W" | "KQ";

export interface TrainingOptions {
  readonly parameters: Parameters;
  readonly steps: number;
  /** The length of every step. */
  readonly rate: number;
  readonly seed: number;
}

export interface TrainingStep extends Omit<Pass, "gradient" | "logScale"> {
  readonly step: number;
  /** `W`, changed by the next step. */
  readonly weights: Matrix;
}

/** The weights that training starts from: as spread as those of a PyTorch linear layer. */
export function startOf({width}: Instance, parameters: Parameters, seed: number): Matrix[] {
  const normal = normals(seed);
  const draw = () => filled(width, width, () => normal() / Math.sqrt(3 * width));
  return parameters === "W" ? [draw()] : [draw(), draw()];
}

/**
 * Normalised gradient descent, the paper's: each step moves each trained matrix by `rate` against its
 * gradient, however small that is. Yields the start and every step after it.
 *
 * @param start `[W]` or `[K, Q]`, changed by the training.
 */
export function* train(
  instance: Instance,
  {parameters, steps, rate, seed}: TrainingOptions,
  start: readonly Matrix[] = startOf(instance, parameters, seed)
): Generator<TrainingStep, void, void> {
  const head = openHead(instance);
  const parts = parameters === "W" ? trainWhole(start[0]) : trainFactors(start[0], start[1]);
  for (let step = 0; ; step++) {
    const {gradient, loss, selected, missed} = head(parts.weights);
    yield {step, weights: parts.weights, loss, selected, missed};
    if (step === steps) return;
    parts.move(gradient, rate);
  }
}

interface Trained {
  /** `W` as it is now. */
  readonly weights: Matrix;
  /** One step against the gradient of `W`. */
  move(gradient: Matrix, rate: number): void;
}

const trainWhole = (weights: Matrix): Trained => ({
  weights,
  move: (gradient, rate) => stepAgainst(weights, gradient, rate)
});

function trainFactors(keys: Matrix, queries: Matrix): Trained {
  const {rows} = keys;
  const [weights, turned, forKeys, forQueries] = [1, 2, 3, 4].map(() => zeros(rows, rows));
  const compose = () => {
    transposeInto(turned, queries);
    multiplyInto(weights, keys, turned);
  };
  compose();
  return {
    weights,
    move(gradient, rate) {
      multiplyInto(forKeys, gradient, queries);
      transposeInto(turned, gradient);
      multiplyInto(forQueries, turned, keys);
      stepAgainst(keys, forKeys, rate);
      stepAgainst(queries, forQueries, rate);
      compose();
    }
  };
}

/** A step of one length, whatever the gradient's. */
function stepAgainst({data}: Matrix, gradient: Matrix, length: number): void {
  const size = norm(gradient.data);
  if (size > 0) addScaled(data, -length / size, gradient.data);
}

/** The last step of a training. */
export function trained(instance: Instance, options: TrainingOptions): TrainingStep {
  let last: TrainingStep | undefined;
  for (const step of train(instance, options)) last = step;
  return last!;
}

/** Plain gradient descent on `W`, whose steps shrink with the gradient. */
export function plainlyTrained(instance: Instance, options: TrainingOptions): Matrix {
  const head = openHead(instance);
  const [weights] = startOf(instance, "W", options.seed);
  for (let step = 0; step < options.steps; step++) {
    const {gradient, logScale} = head(weights);
    addScaled(weights.data, -options.rate * Math.exp(logScale), gradient.data);
  }
  return weights;
}
