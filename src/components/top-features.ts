import {firedAt} from "../model/active-features.js";
import {type FeatureName, featureName} from "../model/feature-name.js";
import type {Run} from "../model/run.js";
import {within} from "./position.js";

export interface TopFeature {
  /** As `features` of a run names it, at this token. */
  readonly feature: FeatureName;
  /** How strongly it fires. */
  readonly value: number;
}

/** The features that fire most strongly at a token (negative from the end), over all dictionaries of a run. */
export function topFeatures(run: Run, pos: number, count = 12): TopFeature[] {
  const at = within(run.tokens.length, pos);
  return [...run.features]
    .flatMap(([name, active]) =>
      Array.from(firedAt(active, at), ([feature, value]) => ({
        feature: featureName({dictionary: name, feature, pos: null}),
        value
      }))
    )
    .sort((a, b) => b.value - a.value)
    .slice(0, count);
}
