import {isFound, mustHold, type Row} from "./claim.js";
import type {Claims} from "./environment.js";
import {drawingClaims, type NamerTraining} from "./mup-feature-learning/drawing-claims.js";
import {movementClaims} from "./mup-feature-learning/movement-claims.js";
import type {Rows} from "./mup-feature-learning/rows.js";
import type {SweepSetup} from "./mup-feature-learning/sweep.js";
import {wordClaims, type WordTrainings} from "./mup-feature-learning/word-claims.js";

export const slug = "mup-feature-learning";

export interface Setup {
  readonly networks: SweepSetup;
  /** How many random parametrisations are predicted. */
  readonly predictions: number;
  readonly words: WordTrainings;
  readonly drawings: NamerTraining;
}

const training = {samples: 8, steps: 20, rate: 1};
const words = {heldOut: 1000, rate: 0.03, widths: [4, 8, 16, 32, 64, 128]};
const drawings = {steps: 300, rate: 1, tests: 400};

export const setups: Readonly<Record<"ci" | "live", Setup>> = {
  ci: {
    networks: {...training, widths: [64, 128, 256, 512], repeats: 3},
    predictions: 6,
    words: {...words, count: 20_000, repeats: 3},
    drawings
  },
  live: {
    networks: {...training, widths: [64, 128, 256, 512, 1024], repeats: 3},
    predictions: 6,
    words: {...words, count: 20_000, repeats: 10},
    drawings: {...drawings, tests: 4000}
  }
};

/**
 * Yang and Hu, "Feature Learning in Infinite-Width Neural Networks" (2020): how far the features of a
 * network move as its width grows, and word vectors and few-shot learning at infinite width.
 */
export const claims: Claims = ({size, seed}) => claimsOn(setups[size], seed);

/** The claims on networks of other sizes, or on fewer. */
export async function* claimsOn(setup: Setup, seed: number): AsyncGenerator<Row, void, void> {
  const {networks, predictions, words, drawings} = setup;
  const {widths, samples, steps, repeats} = networks;
  const setting = {
    theirs:
      "theorems on infinite width; word vectors of width 64 to 1024 on text8 and fil9; one-shot learning of width 2 to 8192 on Omniglot",
    ours: `tanh networks of width ${widths[0]} to ${widths[widths.length - 1]}, ${samples} samples, ${steps} steps, ${repeats} tasks; vectors of ${words.widths[0]} to ${Math.max(...words.widths)} for 188 words, ${words.repeats} trainings; ${drawings.steps} steps on one-shot tasks of drawn characters`
  };
  const rows: Rows = {
    seed,
    must: (claim) => mustHold(slug, seed, {...claim, setting}),
    found: (claim) => isFound(slug, seed, {...claim, setting}, "holds-here")
  };
  yield* movementClaims(networks, predictions, rows);
  yield* wordClaims(words, rows);
  yield* drawingClaims(drawings, rows);
}
