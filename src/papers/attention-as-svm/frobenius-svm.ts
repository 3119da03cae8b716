import {addCombined, type Constraints} from "./constraints.js";
import {type Matrix, zeros} from "./matrix.js";

/** The largest KKT violation that counts as solved, in units of the margin asked for. */
export const SOLVED = 1e-4;

export interface SolverLimits {
  /** Ends when the KKT violation is at most this. */
  readonly tolerance: number;
  /** Of all constraints. */
  readonly sweeps: number;
}

/**
 * Raises the dual `λᵀb − ½ λᵀGλ`, `λ ≥ 0`, one multiplier at a time (Hildreth 1957).
 *
 * @param residual `b − Gλ`, kept so.
 * @returns the KKT violation: by how much a constraint is missed, or, where its multiplier is not 0, not met exactly.
 */
export function ascend(
  gram: Matrix,
  multipliers: Float64Array,
  residual: Float64Array,
  {tolerance, sweeps}: SolverLimits
): number {
  const count = multipliers.length;
  let violation = Infinity;
  for (let sweep = 0; sweep < sweeps && violation > tolerance; sweep++) {
    for (let a = 0; a < count; a++) {
      const start = a * count;
      const length = gram.data[start + a];
      if (length === 0) continue;
      const change = Math.max(-multipliers[a], residual[a] / length);
      if (change === 0) continue;
      multipliers[a] += change;
      for (let b = 0; b < count; b++) residual[b] -= change * gram.data[start + b];
    }
    violation = 0;
    for (let a = 0; a < count; a++)
      violation = Math.max(violation, multipliers[a] > 0 ? Math.abs(residual[a]) : residual[a]);
  }
  return violation;
}

export interface FrobeniusSvm {
  readonly weights: Matrix;
  /** Of the dual: 0 where a constraint does not bind. */
  readonly multipliers: Float64Array;
  readonly violation: number;
  /** False where no matrix, or none of reasonable size, separates the selected tokens from the others. */
  readonly feasible: boolean;
}

/** `min ½‖W‖_F²` under the constraints. */
export const frobeniusSvm = (constraints: Constraints, limits?: SolverLimits): FrobeniusSvm =>
  toEnd(frobeniusSteps(constraints, limits));

/** The same, to be done in pieces. */
export function* frobeniusSteps(
  constraints: Constraints,
  {tolerance, sweeps}: SolverLimits = {tolerance: 1e-8, sweeps: 20_000}
): Generator<void, FrobeniusSvm, void> {
  const {differences, gram, width} = constraints;
  const multipliers = new Float64Array(differences.length);
  const residual = new Float64Array(differences.length).fill(1);
  let violation = Infinity;
  for (let done = 0; done < sweeps && violation > tolerance; done += PIECE) {
    violation = ascend(gram, multipliers, residual, {
      tolerance,
      sweeps: Math.min(PIECE, sweeps - done)
    });
    yield;
  }
  const weights = zeros(width, width);
  addCombined(weights, constraints, multipliers);
  return {weights, multipliers, violation, feasible: violation <= SOLVED};
}

/** Rounds in one piece. */
const PIECE = 200;

/** What work that is done in pieces ends with. */
export function toEnd<R>(work: Generator<unknown, R, void>): R {
  for (;;) {
    const {done, value} = work.next();
    if (done) return value;
  }
}
