import {type Matrix, multiplyInto, transposeInto, zeros} from "./matrix.js";

const SWEEPS = 60;
const TOLERANCE = 1e-14;

/**
 * One-sided Jacobi (Hestenes 1958): rotates pairs of columns of `a` until all are orthogonal.
 *
 * @param rotated Becomes `a V` as rows: orthogonal, their lengths the singular values, in no order.
 * @param basis Becomes `V` as rows.
 */
function rotate(a: Matrix, rotated: Matrix, basis: Matrix): void {
  transposeInto(rotated, a);
  basis.data.fill(0);
  for (let i = 0; i < a.columns; i++) basis.data[i * a.columns + i] = 1;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < a.columns; p++)
      for (let q = p + 1; q < a.columns; q++) {
        const tangent = tangentOf(rotated, p, q);
        if (tangent === 0) continue;
        turned = true;
        turn(rotated, p, q, tangent);
        turn(basis, p, q, tangent);
      }
    if (!turned) break;
  }
}

/** The tangent of the angle that makes two rows orthogonal; 0 where they are. */
function tangentOf({columns, data}: Matrix, p: number, q: number): number {
  let xx = 0;
  let yy = 0;
  let xy = 0;
  for (let i = 0, x = p * columns, y = q * columns; i < columns; i++, x++, y++) {
    xx += data[x] * data[x];
    yy += data[y] * data[y];
    xy += data[x] * data[y];
  }
  if (Math.abs(xy) <= TOLERANCE * Math.sqrt(xx * yy)) return 0;
  const ratio = (yy - xx) / (2 * xy);
  return (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(1 + ratio * ratio));
}

function turn({columns, data}: Matrix, p: number, q: number, tangent: number): void {
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0, x = p * columns, y = q * columns; i < columns; i++, x++, y++) {
    const before = data[x];
    data[x] = cosine * before - sine * data[y];
    data[y] = sine * before + cosine * data[y];
  }
}

/** The singular values of a matrix, largest first. */
export function singularValues(a: Matrix): number[] {
  const rotated = zeros(a.columns, a.rows);
  rotate(a, rotated, zeros(a.columns, a.columns));
  return Array.from({length: a.columns}, (_, i) => rowLength(rotated, i)).sort((x, y) => y - x);
}

export const nuclearNorm = (a: Matrix): number => singularValues(a).reduce((x, y) => x + y, 0);

/**
 * `out ←` a matrix with each singular value lessened by `by`, down to 0: the nearest to it at the
 * price `by · ‖·‖_*`. Made once for many matrices of one shape.
 */
export function openShrink(
  rows: number,
  columns: number
): (out: Matrix, a: Matrix, by: number) => void {
  const [rotated, basis, turned] = [
    zeros(columns, rows),
    zeros(columns, columns),
    zeros(rows, columns)
  ];
  return (out, a, by) => {
    rotate(a, rotated, basis);
    for (let i = 0; i < columns; i++) {
      const value = rowLength(rotated, i);
      const share = value > by ? 1 - by / value : 0;
      for (let j = i * rows; j < (i + 1) * rows; j++) rotated.data[j] *= share;
    }
    transposeInto(turned, rotated);
    multiplyInto(out, turned, basis);
  };
}

function rowLength({columns, data}: Matrix, row: number): number {
  let sum = 0;
  for (let j = row * columns; j < (row + 1) * columns; j++) sum += data[j] * data[j];
  return Math.sqrt(sum);
}
