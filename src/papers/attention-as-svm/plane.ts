import {constraintsOf} from "./constraints.js";
import {frobeniusSteps} from "./frobenius-svm.js";
import {type Instance, worths} from "./instance.js";
import type {Matrix} from "./matrix.js";
import {train} from "./training.js";

export type Point = readonly [x: number, y: number];

/** Two sequences of tokens in the plane that share one query, and the head `v`. */
export interface PlaneSetup {
  readonly sequences: readonly (readonly Point[])[];
  readonly labels: readonly number[];
  readonly head: Point;
}

/** A direction that some trainings end in, and the SVM of the tokens selected there. */
export interface Ending {
  /** The token selected in each sequence. */
  readonly selected: readonly number[];
  /** The SVM's solution; null where no direction puts these tokens first. */
  readonly svm: Point | null;
}

export interface PlanePath {
  /** `p = W z`, from the start on. */
  readonly points: readonly Point[];
  /** Which of the endings it comes to. */
  readonly ending: number;
}

export interface PlanePicture {
  readonly setup: PlaneSetup;
  /** What each token is worth, `[sequences][tokens]`. */
  readonly worths: readonly (readonly number[])[];
  /** One a start. */
  readonly paths: readonly PlanePath[];
  readonly endings: readonly Ending[];
}

/** Two sequences of opposite labels, which cannot both have their best token. */
export const defaultPlane: PlaneSetup = {
  sequences: [
    [
      [-0.59, -0.99],
      [0.19, 0.57],
      [0.94, -0.49]
    ],
    [
      [-0.81, 0.6],
      [0.38, 1.05],
      [0.34, -0.23]
    ]
  ],
  labels: [1, -1],
  head: [0, 1]
};

/** Starts evenly around the middle, far enough out that most have to turn. */
export const startsAround: readonly Point[] = Array.from({length: 16}, (_, i) => {
  const angle = (2 * Math.PI * (i + 0.5)) / 16;
  return [4 * Math.cos(angle), 4 * Math.sin(angle)];
});

/** Steps of each training in the plane. */
export const STEPS = 400;

const QUERY = Float64Array.of(1, 0);

/** Every sample has the query (1, 0), so that `W` acts as one vector of the plane, its first column. */
export function planeInstance({sequences, labels, head}: PlaneSetup): Instance {
  return {
    samples: sequences.length,
    tokens: sequences[0].length,
    width: 2,
    inputs: sequences.map((tokens) => tokens.map((x) => Float64Array.from(x))),
    queries: sequences.map(() => QUERY),
    head: Float64Array.from(head),
    labels
  };
}

const columnOf = ({data}: Matrix): Point => [data[0], data[2]];

/** Trains from every start, and finds the SVM of each choice of tokens that comes out. To be done in pieces. */
export function* planePicture(
  setup: PlaneSetup,
  starts: readonly Point[],
  steps: number
): Generator<void, PlanePicture, void> {
  const instance = planeInstance(setup);
  const endings: Ending[] = [];
  const paths: PlanePath[] = [];
  for (const [x, y] of starts) {
    const start = {rows: 2, columns: 2, data: Float64Array.of(x, 0, y, 0)};
    const points: Point[] = [];
    let selected: readonly number[] = [];
    const options = {parameters: "W", steps, rate: 0.1, seed: 0} as const;
    for (const step of train(instance, options, [start])) {
      points.push(columnOf(step.weights));
      ({selected} = step);
    }
    let ending = endings.findIndex((known) => String(known.selected) === String(selected));
    if (ending < 0) {
      const svm = yield* frobeniusSteps(constraintsOf(instance, selected), {
        tolerance: 1e-8,
        sweeps: 4000
      });
      ending = endings.push({selected, svm: svm.feasible ? columnOf(svm.weights) : null}) - 1;
    }
    paths.push({points, ending});
    yield;
  }
  return {setup, worths: worths(instance).map((values) => [...values]), paths, endings};
}
