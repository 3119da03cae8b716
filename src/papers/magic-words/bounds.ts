import {normals} from "../../kernels/normals.js";
import {attentionBound, excess, isVacuous} from "../../model/attention-bound/bound.js";
import {attend} from "../../model/attention-bound/head.js";
import {spectralNorm} from "../../model/attention-bound/spectral-norm.js";
import {controlsOf, type HeadCase} from "./random-heads.js";

/** What some controls, and some targets, say of a head's bound. */
export interface BoundTrial {
  readonly controls: number;
  /** Controls that reach what the bound excludes. */
  readonly violations: number;
  /** The same of a bound that allows the control's values 5 % less. */
  readonly shrunk: number;
  /** The same with the largest singular value of the query matrix where the value's belongs. */
  readonly ofQuery: number;
  /** Share of targets three times as far out as the head's own output that it excludes. */
  readonly excluded: number;
  /** The same for controls ten times as long. */
  readonly excludedLong: number;
  /** Whether it says nothing of outputs as long as the head's own. */
  readonly vacuous: boolean;
}

const TARGETS = 100;
/** Of an output's length: what rounding may add. */
const ROUNDING = 1e-6;

/** Tries a head's bound with so many random controls. */
export function boundTrial(one: HeadCase, controls: number, seed: number): BoundTrial {
  const {head, state, size} = one;
  const bound = attentionBound(head, state, size);
  const long = attentionBound(head, state, {...size, norm: 10 * size.norm});
  const small = {...bound, radius: 0.95 * bound.radius};
  const query = {
    ...bound,
    radius: spectralNorm(head.query, head.queryBias.length) * size.norm
  };
  const spread = Math.hypot(...bound.natural);
  const found = {violations: 0, shrunk: 0, ofQuery: 0};
  for (const control of controlsOf(one, controls, seed)) {
    const {output} = attend(head, state, control);
    const rounding = ROUNDING * (spread + bound.radius);
    if (excess(bound, output) > rounding) found.violations++;
    if (excess(small, output) > rounding) found.shrunk++;
    if (excess(query, output) > rounding) found.ofQuery++;
  }
  const normal = normals(seed + 1);
  const targets = Array.from({length: TARGETS}, () => {
    const direction = Float64Array.from(bound.natural, normal);
    const length = Math.hypot(...direction);
    return direction.map((v, i) => bound.bias[i] + (3 * spread * v) / length);
  });
  const share = (of: typeof bound) => targets.filter((y) => excess(of, y) > 0).length / TARGETS;
  return {
    ...{controls, ...found, vacuous: isVacuous(bound)},
    ...{excluded: share(bound), excludedLong: share(long)}
  };
}
