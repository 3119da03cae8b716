import type {Instance} from "./instance.js";
import {addOuter, bilinear, dot, type Matrix, zeros} from "./matrix.js";

/** What the SVM asks of `W`: `(x_α − x_t)ᵀ W z ≥ 1` for every token `t` of every sample but its `α`. */
export interface Constraints {
  readonly width: number;
  /** `x_α − x_t` of each constraint. */
  readonly differences: readonly Float64Array[];
  /** `z` of each constraint. */
  readonly queries: readonly Float64Array[];
  /** Inner products of the constraints as matrices `(x_α − x_t) zᵀ`. */
  readonly gram: Matrix;
}

/** @param selected The token `α` of each sample. */
export function constraintsOf(
  {inputs, queries, width}: Instance,
  selected: readonly number[]
): Constraints {
  const all = inputs.flatMap((tokens, i) => {
    const chosen = tokens[selected[i]];
    return tokens
      .filter((_, t) => t !== selected[i])
      .map((x) => ({difference: chosen.map((value, j) => value - x[j]), query: queries[i]}));
  });
  const gram = zeros(all.length, all.length);
  for (const [a, one] of all.entries())
    for (const [b, other] of all.entries())
      gram.data[a * all.length + b] =
        dot(one.difference, other.difference) * dot(one.query, other.query);
  return {
    width,
    differences: all.map(({difference}) => difference),
    queries: all.map(({query}) => query),
    gram
  };
}

/** `(x_α − x_t)ᵀ W z` of each constraint. */
export const margins = ({differences, queries}: Constraints, weights: Matrix): Float64Array =>
  Float64Array.from(differences, (difference, a) => bilinear(difference, weights, queries[a]));

export const leastMargin = (constraints: Constraints, weights: Matrix): number =>
  margins(constraints, weights).reduce((a, b) => Math.min(a, b), Infinity);

/** `matrix ← matrix + Σ λ (x_α − x_t) zᵀ` */
export function addCombined(
  matrix: Matrix,
  {differences, queries}: Constraints,
  multipliers: Float64Array
): void {
  for (let a = 0; a < multipliers.length; a++)
    if (multipliers[a] !== 0) addOuter(matrix, multipliers[a], differences[a], queries[a]);
}
