import type {FeatureIndex} from "./feature-index.js";
import {NONE} from "./feature-lengths.js";
import type {LoadedDictionary} from "./feature-reader.js";

/** How well the labels of one kind are told, each by the feature that tells it best. */
export interface LabelCoverage {
  readonly kind: string;
  /** Labels that some feature tells best of all labels. */
  readonly labels: number;
  /** How many of them have F1 of at least 0.8 on the half of the templates that did not choose. */
  readonly told: number;
}

/** By kind of label, how many have a feature of their own; labels that are no feature's best count as not told. */
export function labelCoverage(
  {labels}: FeatureIndex,
  dictionaries: readonly LoadedDictionary[]
): LabelCoverage[] {
  const best = new Float64Array(labels.length);
  for (const {columns} of dictionaries)
    columns.label.forEach((label, feature) => {
      if (label !== NONE) best[label] = Math.max(best[label], columns.f1[feature] / 100);
    });
  return [...new Set(labels.map(({kind}) => kind))].map((kind) => {
    const mine = labels.flatMap((label, i) => (label.kind === kind ? [best[i]] : []));
    return {kind, labels: mine.length, told: mine.filter((f1) => f1 >= 0.8).length};
  });
}
