import {attentionPattern} from "./attention-pattern.js";
import {attribution} from "./attribution.js";
import {comparePredictions} from "./compare-predictions.js";
import {headMap} from "./head-map.js";
import {intervals} from "./intervals.js";
import {logitLens} from "./logit-lens.js";
import {nextTokens} from "./next-tokens.js";
import {patchMap} from "./patch-map.js";
import {residualNorms} from "./residual-norms.js";

/** The ready-made charts, each for `figure`. */
export const charts = {
  attentionPattern,
  attribution,
  comparePredictions,
  headMap,
  intervals,
  logitLens,
  nextTokens,
  patchMap,
  residualNorms
};
