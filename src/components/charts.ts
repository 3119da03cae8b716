import {attentionPattern} from "./attention-pattern.js";
import {comparePredictions} from "./compare-predictions.js";
import {logitLens} from "./logit-lens.js";
import {nextTokens} from "./next-tokens.js";
import {residualNorms} from "./residual-norms.js";

/** The ready-made charts, each for `figure`. */
export const charts = {
  attentionPattern,
  comparePredictions,
  logitLens,
  nextTokens,
  residualNorms
};
