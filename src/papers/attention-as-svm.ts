import {frobeniusSvm} from "./attention-as-svm/frobenius-svm.js";
import {globalShares, type Head, type Setup, trainedHeads} from "./attention-as-svm/heads.js";
import {correlation, type Matrix} from "./attention-as-svm/matrix.js";
import {nuclearSvm} from "./attention-as-svm/nuclear-svm.js";
import {singularValues} from "./attention-as-svm/svd.js";
import {shareOfMargin} from "./attention-as-svm/trial.js";
import {type Claim, isFound, mustHold, type Row} from "./claim.js";
import type {Claims} from "./environment.js";
import {kept, later} from "./kept.js";

export const slug = "attention-as-svm";

const training = {steps: 1000, rate: 0.1};

export const setups: Readonly<Record<"ci" | "live", Setup>> = {
  ci: {heads: 20, samples: 4, tokens: 6, width: 8, ...training},
  live: {heads: 100, samples: 6, tokens: 8, width: 10, ...training}
};

/**
 * Tarzanagh, Li, Thrampoulidis and Oymak, "Transformers as Support Vector Machines" (2023): which SVM
 * says beforehand where the training of one attention head ends.
 */
export const claims: Claims = ({size, seed}) => claimsOn(setups[size], seed);

/** The claims on heads of another number or size. */
export async function* claimsOn(setup: Setup, seed: number): AsyncGenerator<Row, void, void> {
  const whole = kept(() => trainedHeads(setup, "W", seed));
  const factors = kept(() => trainedHeads(setup, "KQ", seed));
  const narrow = kept(() => globalShares(setup, 2, seed));
  const wide = kept(() => globalShares(setup, 10, seed));
  const {samples, tokens, width, heads} = setup;
  const setting = {
    theirs: "6 samples of 8 tokens, width 10, 100 heads",
    ours: `${samples} samples of ${tokens} tokens, width ${width}, ${heads} heads`
  };
  const must = (claim: Omit<Claim, "setting">) => mustHold(slug, seed, {...claim, setting});
  const found = (claim: Omit<Claim, "setting">) =>
    isFound(slug, seed, {...claim, setting}, "holds-here");

  yield must({
    claim: "A trained W points where the Frobenius SVM of the tokens it selects points",
    metric: "mean correlation of W with that SVM's solution",
    reported: "1 in the limit of many steps (its theorems)",
    op: ">=",
    threshold: 0.98,
    value: later(() => mean(whole(), toFrobenius)),
    control: {
      name: "the SVM of tokens chosen at random",
      value: later(() => mean(whole(), toRandomFrobenius))
    }
  });
  yield found({
    claim: "So does every single head",
    metric: "least correlation of W with that SVM's solution",
    reported: "1 in the limit of many steps (its theorems)",
    op: ">=",
    threshold: 0.95,
    partly: 0.9,
    value: later(() => least(whole(), toFrobenius)),
    control: {
      name: "plain gradient descent, its steps not normalised",
      value: later(() =>
        least(whole(), ({plainly, svms}) => correlation(plainly(), svms.frobenius.weights))
      )
    }
  });
  yield must({
    claim:
      "A trained W separates: each selected token outscores the others of its sample, by a good part of the widest margin",
    metric: "least margin of any token, as a share of the widest that a W of this length can have",
    reported: "1 in the limit of many steps (its theorems)",
    op: ">=",
    // halfway between the worst of seeds 11 to 20, 0.52, and the control's best, 0.06
    threshold: 0.29,
    value: later(() => least(whole(), ({svms, end}) => shareOfMargin(svms, end.weights))),
    control: {
      name: "W before training, the best of all heads",
      value: later(() => most(whole(), ({svms, start}) => shareOfMargin(svms, start)))
    }
  });
  yield must({
    claim: "That direction is not in the start, nor shared by other choices of tokens",
    metric:
      "mean correlation, the larger of two: W with the SVM of random tokens, W before training with the SVM (size only)",
    op: "<=",
    threshold: 0.3,
    value: later(() =>
      Math.max(
        mean(whole(), toRandomFrobenius),
        mean(whole(), ({start, svms}) => Math.abs(correlation(start, svms.frobenius.weights)))
      )
    ),
    control: {
      name: "trained W with the SVM of the tokens it selects",
      value: later(() => mean(whole(), toFrobenius))
    }
  });
  yield found({
    claim: "A trained W is nearer to the Frobenius SVM than to the nuclear one",
    metric: "share of heads",
    reported: "yes (its experiments)",
    op: ">=",
    threshold: 0.9,
    value: later(() => mean(whole(), (head) => toFrobenius(head) > toNuclear(head))),
    control: {
      name: "K and Q trained instead",
      value: later(() => mean(factors(), (head) => toFrobenius(head) > toNuclear(head)))
    }
  });
  yield found({
    claim: "Trained K and Q are nearer to the nuclear SVM than to the Frobenius one",
    metric: "share of heads",
    reported: "yes (its experiments)",
    op: ">=",
    threshold: 0.75,
    value: later(() => mean(factors(), (head) => toNuclear(head) > toFrobenius(head))),
    control: {
      name: "W trained instead",
      value: later(() => mean(whole(), (head) => toNuclear(head) > toFrobenius(head)))
    }
  });
  yield found({
    claim: "Trained K and Q point where the nuclear SVM of the tokens they select points",
    metric: "mean correlation of K Qᵀ with that SVM's solution",
    reported: "1 along the regularisation path (its theorems)",
    op: ">=",
    threshold: 0.85,
    value: later(() => mean(factors(), toNuclear)),
    control: {
      name: "the SVM of tokens chosen at random",
      value: later(() =>
        mean(factors(), ({end, random}) => correlation(end.weights, random.nuclear.weights))
      )
    }
  });
  yield found({
    claim: "The nuclear SVM's solution has no higher rank than there are samples",
    metric: `largest rank (singular values above ${RANK_LIMIT})`,
    reported: `at most the number of samples, here ${samples} (its theorem)`,
    op: "<=",
    threshold: samples,
    value: later(() => most(whole(), ({svms}) => rank(svms.nuclear.weights))),
    control: {
      name: "W as training leaves it",
      value: later(() => most(whole(), ({end}) => rank(end.weights)))
    }
  });
  yield found({
    claim: "The nuclear norm lowers the rank below that of the Frobenius SVM's solution",
    metric: "mean rank, as a share of that of the Frobenius solution",
    reported: "low rank (its rank study)",
    op: "<=",
    threshold: 0.8,
    value: later(() => mean(whole(), ({svms}) => rank(svms.nuclear.weights)) / frobeniusRank()),
    control: {
      name: "W as training leaves it",
      value: later(() => mean(whole(), ({end}) => rank(end.weights)) / frobeniusRank())
    }
  });
  yield found({
    claim: "More dimensions let the best token win in every sample",
    metric: "share of heads where it does at width 10, less the share at width 2",
    reported: "yes: more parameters make the choice global",
    op: ">=",
    threshold: 0.25,
    value: later(() => wide().best - narrow().best),
    control: {
      name: "a token chosen at random called the best",
      value: later(() => wide().random - narrow().random)
    }
  });
  yield must({
    claim: "The Frobenius solver solves",
    metric: "largest violation of the optimality (KKT) conditions, in margins",
    op: "<=",
    threshold: 1e-4,
    value: later(() => most(whole(), ({svms}) => svms.frobenius.violation)),
    control: {
      name: "stopped after 5 rounds",
      value: later(() =>
        most(
          whole(),
          ({svms}) => frobeniusSvm(svms.constraints, {tolerance: 0, sweeps: 5}).violation
        )
      )
    }
  });
  yield must({
    claim: "The nuclear solver solves",
    metric: "largest distance of its norm from a proven lower bound, as a share",
    op: "<=",
    threshold: 5e-3,
    value: later(() => most(whole(), ({svms}) => svms.nuclear.gap)),
    control: {
      name: "stopped after 5 rounds",
      value: later(() =>
        most(whole(), ({svms: {constraints, frobenius}}) => {
          return nuclearSvm(constraints, frobenius.weights, {gap: 0, iterations: 5}).gap;
        })
      )
    }
  });

  function frobeniusRank(): number {
    return mean(whole(), ({svms}) => rank(svms.frobenius.weights));
  }
}

/** Singular values up to this count as 0; the solutions' margins are 1. */
const RANK_LIMIT = 1e-3;
const rank = (weights: Matrix): number =>
  singularValues(weights).filter((value) => value > RANK_LIMIT).length;

const toFrobenius = ({end, svms}: Head) => correlation(end.weights, svms.frobenius.weights);
const toNuclear = ({end, svms}: Head) => correlation(end.weights, svms.nuclear.weights);
const toRandomFrobenius = ({end, random}: Head) =>
  correlation(end.weights, random.frobenius.weights);

const mean = (heads: readonly Head[], value: (head: Head) => number | boolean): number =>
  heads.reduce((sum, head) => sum + Number(value(head)), 0) / heads.length;
const least = (heads: readonly Head[], value: (head: Head) => number): number =>
  Math.min(...heads.map(value));
const most = (heads: readonly Head[], value: (head: Head) => number): number =>
  Math.max(...heads.map(value));
