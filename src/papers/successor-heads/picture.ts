import {type OvMatrix, rowsOf, topOf} from "./scores.js";

/** A cell of a picture of an OV matrix. */
export interface OvCell {
  readonly given: string;
  readonly given_index: number;
  readonly called: string;
  readonly called_index: number;
  /** How far the logit stands above the mean of its row, in standard deviations of the row. */
  readonly z: number;
  /** Whether no logit of the row is larger. */
  readonly top: boolean;
  /** Whether what is called for follows what is given. */
  readonly successor: boolean;
}

/** Cells below this many standard deviations are left out, but for the first row and the successors. */
const LEAST = 1.5;

/** The bright cells of a matrix. */
export function brightCells(matrix: OvMatrix): OvCell[] {
  const {members, ids} = matrix.of;
  const count = ids.length;
  return members.flatMap((given, row): OvCell[] => {
    const own = matrix.logits.subarray(row * count, (row + 1) * count);
    const mean = own.reduce((sum, value) => sum + value, 0) / count;
    const spread = Math.hypot(...own.map((value) => value - mean)) / Math.sqrt(count) || 1;
    const top = topOf(matrix, row);
    return members
      .map((called, column) => ({
        given,
        given_index: row,
        called,
        called_index: column,
        z: (own[column] - mean) / spread,
        top: column === top,
        successor: row < rowsOf(matrix.of) && column === (row + 1) % count
      }))
      .filter(({z, successor}) => z >= LEAST || successor || row === 0);
  });
}
