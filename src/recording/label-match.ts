import type {ByFeature} from "./by-feature.js";
import type {RecordedCorpus} from "./corpus.js";

/** The label that a feature tells best, and how well. */
export interface LabelMatch {
  readonly label: number;
  /** It says yes above this share of its largest value. */
  readonly threshold: number;
  /** On the half of the templates that did not choose it. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Shares of a feature's largest value above which it is taken to say yes. */
const THRESHOLDS = [0, 0.25, 0.5] as const;

/** Labels of fewer tokens in either half are left out. */
export const FEWEST = 20;

export const f1Of = (hits: number, said: number, there: number): number =>
  hits === 0 ? 0 : (2 * hits) / (said + there);

/** For each half of the templates, how many tokens have each label. */
export function labelCounts({documents, parts, labelStarts, labelIds, labels}: RecordedCorpus) {
  const counts = {train: new Uint32Array(labels.length), heldout: new Uint32Array(labels.length)};
  documents.forEach((document, token) => {
    const part = parts[document];
    if (part === "natural") return;
    for (let i = labelStarts[token]; i < labelStarts[token + 1]; i++) counts[part][labelIds[i]]++;
  });
  return counts;
}

/** For each feature the label and threshold of the best F1 on the training half, scored on the other; null where none fits. */
export function labelMatches(
  corpus: RecordedCorpus,
  {starts, tokens, values}: ByFeature,
  counts = labelCounts(corpus)
): (LabelMatch | null)[] {
  const {documents, parts, labelStarts, labelIds, labels} = corpus;
  const usable = labels.map((_, l) => counts.train[l] >= FEWEST && counts.heldout[l] >= FEWEST);
  const tally = () => THRESHOLDS.map(() => ({said: 0, hits: new Uint32Array(labels.length)}));
  return Array.from({length: starts.length - 1}, (_, feature) => {
    const halves = {train: tally(), heldout: tally()};
    let max = 0;
    for (let i = starts[feature]; i < starts[feature + 1]; i++) max = Math.max(max, values[i]);
    for (let i = starts[feature]; i < starts[feature + 1]; i++) {
      const part = parts[documents[tokens[i]]];
      if (part === "natural") continue;
      THRESHOLDS.forEach((share, n) => {
        if (values[i] < share * max) return;
        const half = halves[part][n];
        half.said++;
        for (let j = labelStarts[tokens[i]]; j < labelStarts[tokens[i] + 1]; j++)
          half.hits[labelIds[j]]++;
      });
    }
    let best = {label: -1, n: 0, f1: 0};
    halves.train.forEach(({said, hits}, n) =>
      hits.forEach((count, label) => {
        const f1 = usable[label] ? f1Of(count, said, counts.train[label]) : 0;
        if (f1 > best.f1) best = {label, n, f1};
      })
    );
    if (best.label < 0) return null;
    const {said, hits} = halves.heldout[best.n];
    const found = hits[best.label];
    return {
      label: best.label,
      threshold: THRESHOLDS[best.n],
      precision: said === 0 ? 0 : found / said,
      recall: found / counts.heldout[best.label],
      f1: f1Of(found, said, counts.heldout[best.label])
    };
  });
}
