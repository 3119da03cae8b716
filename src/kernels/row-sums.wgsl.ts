import {type Pack, value} from "./value.wgsl.js";

const LANES = 256;
/** Numbers of a row that a workgroup sums, a memory transaction's worth. */
export const SUMMED = 16;

/**
 * `sum_rows(group, lane)`: sums over the rows of a `[rows, width]` tensor, of `SUMMED` columns. Of each
 * of `sums`, an output `[width]`, the term at `i` of a row is an expression of `i` and `row`; the sum is
 * taken in a fixed order, so that the same rows give the same bits.
 */
export const rowSums = (pack: Pack, sums: Readonly<Record<string, string>>): string => {
  const each = (line: (name: string, term: string) => string) =>
    Object.entries(sums)
      .map(([name, term]) => line(name, term))
      .join("\n");
  return /* wgsl */ `
${value(pack)}
const LANES = ${LANES}u;
const COLUMNS = ${SUMMED / pack}u;
${each((name) => `var<workgroup> ${name}_parts: array<Value, LANES>;`)}

fn sum_rows(group: u32, lane: u32) {
  let length = params.width / PACK;
  let column = group * COLUMNS + lane % COLUMNS;
${each((name) => `  var ${name}_part = Value(0);`)}
  if (column < length) {
    for (var row = lane / COLUMNS; row < params.rows; row += LANES / COLUMNS) {
      let i = row * length + column;
${each((name, term) => `      ${name}_part += ${term};`)}
    }
  }
${each((name) => `  ${name}_parts[lane] = ${name}_part;`)}
  workgroupBarrier();
  for (var half = LANES / 2; half >= COLUMNS; half /= 2) {
    if (lane < half) {
${each((name) => `      ${name}_parts[lane] += ${name}_parts[lane + half];`)}
    }
    workgroupBarrier();
  }
  if (lane < COLUMNS && column < length) {
${each((name) => `    ${name}[column] = ${name}_parts[lane];`)}
  }
}`;
};
