import {f1Of} from "../../recording/label-match.js";

/** Tokens of one half of the templates: which labels each has. */
export interface LabelledTokens {
  readonly labels: readonly (readonly number[])[];
  /** How many tokens have each label. */
  readonly counts: Uint32Array;
}

/** One number at each token of both halves, never below 0. */
export interface UnitValues {
  readonly train: Float32Array;
  readonly heldout: Float32Array;
}

/** Shares of the tokens at which a unit may be taken to say yes, each 1.35 times the one before. */
const SHARES = Array.from({length: 20}, (_, i) => 0.0015 * 1.35 ** i);

/**
 * For each label the F1, on the tokens that did not choose, of the unit and threshold that tell it best on
 * those that did.
 *
 * @param wanted The labels that are asked for.
 */
export function toldLabels(
  units: Iterable<UnitValues>,
  {train, heldout}: {readonly train: LabelledTokens; readonly heldout: LabelledTokens},
  wanted: readonly number[]
): Float64Array {
  const labels = train.counts.length;
  const best = new Float64Array(labels);
  const scored = new Float64Array(labels);
  const isWanted = new Uint8Array(labels);
  for (const label of wanted) isWanted[label] = 1;
  for (const unit of units) {
    const thresholds = thresholdsOf(unit.train);
    if (thresholds.length === 0) continue;
    const chosen = hitsOf(unit.train, train, thresholds, isWanted);
    const other = hitsOf(unit.heldout, heldout, thresholds, isWanted);
    for (const label of wanted)
      thresholds.forEach((_, n) => {
        const at = label * thresholds.length + n;
        const f1 = f1Of(chosen.hits[at], chosen.said[n], train.counts[label]);
        if (f1 <= best[label]) return;
        best[label] = f1;
        scored[label] = f1Of(other.hits[at], other.said[n], heldout.counts[label]);
      });
  }
  return scored;
}

/** Values above 0 that `SHARES` of the tokens reach, the largest first. */
function thresholdsOf(values: Float32Array): Float32Array {
  const sorted = Float32Array.from(values).sort();
  const found = SHARES.map((share) => sorted[sorted.length - Math.ceil(share * sorted.length)]);
  return Float32Array.from(new Set(found.filter((v) => v > 0)));
}

/** How often a unit reaches each threshold, `said`, and how often at a token of each label, `hits`. */
function hitsOf(
  values: Float32Array,
  {labels}: LabelledTokens,
  thresholds: Float32Array,
  isWanted: Uint8Array
) {
  const count = thresholds.length;
  const said = new Uint32Array(count);
  const hits = new Uint32Array(isWanted.length * count);
  const least = thresholds[count - 1];
  values.forEach((v, token) => {
    if (v < least) return;
    let first = 0;
    while (v < thresholds[first]) first++;
    said[first]++;
    for (const label of labels[token]) if (isWanted[label] === 1) hits[label * count + first]++;
  });
  for (let n = 1; n < count; n++) said[n] += said[n - 1];
  for (let at = 0; at < hits.length; at++) if (at % count > 0) hits[at] += hits[at - 1];
  return {said, hits};
}
