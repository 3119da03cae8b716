import {nelderMead} from "./nelder-mead.js";

/** One training run. */
export interface TrainingRun {
  /** Without embeddings. */
  readonly parameters: number;
  /** Seen in training. */
  readonly tokens: number;
  /** In nats per token. */
  readonly loss: number;
}

/** `L(N, D) = E + A/N^alpha + B/D^beta`. */
export interface ScalingLaw {
  readonly E: number;
  readonly A: number;
  readonly B: number;
  readonly alpha: number;
  readonly beta: number;
}

/** The loss that a law gives a model of so many parameters after so many tokens, in nats per token. */
export const predictedLoss = (
  {E, A, B, alpha, beta}: ScalingLaw,
  {parameters, tokens}: Pick<TrainingRun, "parameters" | "tokens">
): number => E + A / parameters ** alpha + B / tokens ** beta;

/** The five unknowns as they are searched for: logarithms of A, B and E, then the exponents. */
type Unknowns = readonly [a: number, b: number, e: number, alpha: number, beta: number];

const lawOf = ([a, b, e, alpha, beta]: Unknowns): ScalingLaw => ({
  E: Math.exp(e),
  A: Math.exp(a),
  B: Math.exp(b),
  alpha,
  beta
});

const DELTA = 1e-3;
const huber = (x: number): number =>
  Math.abs(x) <= DELTA ? (x * x) / 2 : DELTA * (Math.abs(x) - DELTA / 2);

/**
 * The law that fits training runs best: the third approach of Hoffmann et al. (2022), least Huber
 * loss (δ = 10⁻³) of the residuals of log L, from a grid of starts.
 *
 * @throws {RangeError} if there are fewer runs than unknowns.
 */
export function fitScalingLaw(runs: readonly TrainingRun[]): ScalingLaw {
  if (runs.length < 5)
    throw new RangeError(
      `fitScalingLaw: runs must be at least 5, one for each unknown, got ${runs.length}`
    );
  const residuals = (unknowns: readonly number[]): number => {
    const law = lawOf(unknowns as Unknowns);
    return runs.reduce(
      (sum, run) => sum + huber(Math.log(predictedLoss(law, run)) - Math.log(run.loss)),
      0
    );
  };
  const lowest = Math.log(Math.min(...runs.map(({loss}) => loss)));
  const search = {step: 0.3, tolerance: 1e-15, iterations: 2000};
  const found = starts(lowest).map((start) => nelderMead(residuals, start, search));
  let best = found.reduce((a, b) => (b.value < a.value ? b : a));
  // A simplex that has grown flat stops early: a fresh one at the same place goes on.
  for (let i = 0; i < 5; i++) best = nelderMead(residuals, best.at, search);
  return lawOf(best.at as unknown as Unknowns);
}

const starts = (lowest: number): Unknowns[] =>
  [0.2, 0.5].flatMap((alpha) =>
    [0.2, 0.5].flatMap((beta) =>
      [0, 5].flatMap((a) =>
        [0, 5].flatMap((b) =>
          [lowest - 1, lowest - 0.2].map((e): Unknowns => [a, b, e, alpha, beta])
        )
      )
    )
  );
