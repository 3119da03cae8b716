import type {Run} from "../model/run.js";
import {within} from "./position.js";

export interface TopFeature {
  /** As `features` of a run names it, at this token. */
  readonly feature: string;
  /** How strongly it fires. */
  readonly value: number;
}

/** The features that fire most strongly at a token (negative from the end), over all dictionaries of a run. */
export function topFeatures(run: Run, pos: number, count = 12): TopFeature[] {
  const at = within(run.tokens.length, pos);
  return [...run.features]
    .flatMap(([name, {starts, indices, values}]) =>
      Array.from(indices.subarray(starts[at], starts[at + 1]), (feature, i) => ({
        feature: `${name}[${feature}]`,
        value: values[starts[at] + i]
      }))
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}
