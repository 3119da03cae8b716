import {addCombined, type Constraints, leastMargin} from "./constraints.js";
import {ascend, toEnd} from "./frobenius-svm.js";
import {addScaled, bilinear, type Matrix, norm, zeros} from "./matrix.js";
import {nuclearNorm, openShrink, singularValues} from "./svd.js";

export interface NuclearSvm {
  /** Exactly of low rank; its least margin is 1. */
  readonly weights: Matrix;
  /** By how much its norm is above a bound from below on every solution's, as a share of that bound. */
  readonly gap: number;
  readonly iterations: number;
}

export interface NuclearLimits {
  /** Ends when the gap is at most this. */
  readonly gap: number;
  readonly iterations: number;
}

/** How often the gap is measured, in iterations. */
const EVERY = 20;

/**
 * `min ‖W‖_*` under the constraints, by ADMM: in turn the nearest matrix that meets the constraints
 * and the nearest of lower norm (Boyd et al. 2011; singular values thresholded as in Cai, Candès and
 * Shen 2010). The multipliers of the first, scaled into the unit ball of the spectral norm, bound the
 * solution from below.
 *
 * @param start A feasible matrix: the Frobenius solution.
 */
export const nuclearSvm = (
  constraints: Constraints,
  start: Matrix,
  limits?: NuclearLimits
): NuclearSvm => toEnd(nuclearSteps(constraints, start, limits));

/** The same, to be done in pieces. */
export function* nuclearSteps(
  constraints: Constraints,
  start: Matrix,
  limits: NuclearLimits = {gap: 1e-4, iterations: 5000}
): Generator<void, NuclearSvm, void> {
  const {rows, columns} = start;
  const price = norm(start.data) / Math.sqrt(rows) / 2;
  const shrink = openShrink(rows, columns);
  const project = openProjection(constraints);
  const [met, low, dual] = [zeros(rows, columns), zeros(rows, columns), zeros(rows, columns)];
  low.data.set(start.data);
  let best: NuclearSvm = {weights: start, gap: Infinity, iterations: 0};
  let bound = 0;
  for (let iteration = 1; iteration <= limits.iterations; iteration++) {
    met.data.set(low.data);
    addScaled(met.data, -1, dual.data);
    const multipliers = project(met);
    addScaled(dual.data, 1, met.data);
    shrink(low, dual, price);
    addScaled(dual.data, -1, low.data);
    if (iteration % EVERY !== 0 && iteration !== limits.iterations) continue;
    yield;
    bound = Math.max(bound, lowerBound(constraints, multipliers));
    const margin = leastMargin(constraints, low);
    if (!(margin > 0)) continue;
    const weights = {rows, columns, data: low.data.map((x) => x / margin)};
    const gap = nuclearNorm(weights) / bound - 1;
    if (gap < best.gap) best = {weights, gap, iterations: iteration};
    if (best.gap <= limits.gap) break;
  }
  return best;
}

/** Moves a matrix to the nearest one that meets the constraints, and gives their multipliers. */
function openProjection(constraints: Constraints): (matrix: Matrix) => Float64Array {
  const {gram, differences, queries} = constraints;
  const count = differences.length;
  const multipliers = new Float64Array(count);
  const residual = new Float64Array(count);
  return (matrix) => {
    for (let a = 0; a < count; a++) {
      residual[a] = 1 - bilinear(differences[a], matrix, queries[a]);
      for (let b = 0; b < count; b++) residual[a] -= gram.data[a * count + b] * multipliers[b];
    }
    ascend(gram, multipliers, residual, {tolerance: 1e-9, sweeps: 50});
    addCombined(matrix, constraints, multipliers);
    return multipliers;
  };
}

/** Of every feasible matrix's nuclear norm: `Σλ / ‖Σ λ (x_α − x_t) zᵀ‖₂`. */
function lowerBound(constraints: Constraints, multipliers: Float64Array): number {
  const sum = multipliers.reduce((a, b) => a + b, 0);
  const {width} = constraints;
  const dual = zeros(width, width);
  addCombined(dual, constraints, multipliers);
  const [spectral] = singularValues(dual);
  return spectral > 0 ? sum / spectral : 0;
}
