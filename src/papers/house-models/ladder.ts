import {seeded} from "../../corpus/random.js";
import {fitScalingLaw, predictedLoss, type TrainingRun} from "../../fit/scaling-law.js";
import {isFound, type Row} from "../claim.js";
import type {Environment} from "../environment.js";
import {expected} from "./expected.js";
import {slug, storedJson} from "./shipped.js";

/** A run of the ladder, its `loss` that of held-out natural text: `data/tables/ladder.json` lists them. */
export interface LadderRun extends TrainingRun {
  readonly model: string;
  /** Of held-out generated text, in nats per token. */
  readonly generatedLoss: number;
}

const PERMUTATIONS = 9;

/** The losses of the largest ladder model, predicted from the smaller ones. */
export async function* ladder(environment: Environment): AsyncGenerator<Row> {
  const {seed} = environment;
  const runs = await storedJson<readonly LadderRun[]>(environment, "tables/ladder.json");
  const {smaller, largest} = withoutLargest(runs);
  yield isFound(
    slug,
    seed,
    {
      claim:
        "a scaling law fitted to six small models predicts the losses of the seventh and largest",
      metric: `worst relative error over ${largest.length} token budgets`,
      op: "<=",
      threshold: 0.02,
      beside: [
        {
          name: "the next smaller model's own losses",
          value: worstError(nextSmaller(smaller), largest)
        }
      ],
      value: () => Promise.resolve(predictionError(smaller, largest)),
      control: {
        name: `sizes permuted, median of ${PERMUTATIONS}`,
        value: () => {
          const random = seeded(1000 * seed + 4);
          const errors = Array.from({length: PERMUTATIONS}, () =>
            predictionError(
              permutedSizes(smaller, (list) => random.sample(list, list.length)),
              largest
            )
          );
          return Promise.resolve(errors.sort((a, b) => a - b)[(PERMUTATIONS - 1) / 2]);
        }
      }
    },
    expected["scaling-law"]
  );
}

export function withoutLargest<R extends TrainingRun>(
  runs: readonly R[]
): {smaller: R[]; largest: R[]} {
  const most = Math.max(...runs.map(({parameters}) => parameters));
  return {
    smaller: runs.filter(({parameters}) => parameters < most),
    largest: runs.filter(({parameters}) => parameters === most)
  };
}

/** The worst relative error of a law fitted to some runs, on others. */
export function predictionError(
  fitted: readonly TrainingRun[],
  others: readonly TrainingRun[]
): number {
  const law = fitScalingLaw(fitted);
  return worstError((run) => predictedLoss(law, run), others);
}

const worstError = (predict: (run: TrainingRun) => number, runs: readonly TrainingRun[]): number =>
  Math.max(...runs.map((run) => Math.abs(predict(run) / run.loss - 1)));

/** Guesses that a model comes to what the largest of these came to with as many tokens. */
function nextSmaller(runs: readonly TrainingRun[]): (run: TrainingRun) => number {
  const {largest} = withoutLargest(runs);
  return ({tokens}) => largest.find((run) => run.tokens === tokens)!.loss;
}

/** The same runs, the sizes of the models put in another order. */
export function permutedSizes<R extends TrainingRun>(
  runs: readonly R[],
  permute: (sizes: readonly number[]) => number[]
): R[] {
  const sizes = [...new Set(runs.map(({parameters}) => parameters))];
  const others = permute(sizes);
  return runs.map((run) => ({...run, parameters: others[sizes.indexOf(run.parameters)]}));
}
