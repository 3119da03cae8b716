import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {variants} from "./variants.js";

/** Rows beyond which several lanes share a column. */
const FEW_ROWS = 32;

type Term = "x" | "product";
type Share = 1 | 16;
const columnsFor = (share: Share): number => (share === 1 ? 64 : 16);

const kernel = variants((term: Term, share: Share) =>
  defineKernel(/* wgsl */ `
struct Params { rows: u32, width: u32 }
${bindings(["x: array<f32>", ...(term === "x" ? [] : ["factor: array<f32>"])], ["sum: array<f32>"])}
const COLUMNS = ${columnsFor(share)}u;
const SHARE = ${share}u; // lanes that share a column
const LANES = ${columnsFor(share) * share}u;
${share === 1 ? "" : "var<workgroup> partial: array<f32, LANES>;"}

@compute @workgroup_size(LANES)
fn column_sum(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let column = (id.x + id.y * n.x) * COLUMNS + lane % COLUMNS;
  var part = 0.0;
  if (column < params.width) {
    for (var row = lane / COLUMNS; row < params.rows; row += SHARE) {
      let i = row * params.width + column;
      part += ${term === "x" ? "x[i]" : "x[i] * factor[i]"};
    }
  }
${
  share === 1
    ? ""
    : `  partial[lane] = part;
  workgroupBarrier();
  for (var half = SHARE / 2; half > 0; half /= 2) {
    if (lane < half * COLUMNS) { partial[lane] += partial[lane + half * COLUMNS]; }
    workgroupBarrier();
  }
  part = partial[lane];`
}
  if (lane < COLUMNS && column < params.width) { sum[column] = part; }
}`)
);

/**
 * `Σ x`, or `Σ x · factor` for a `factor` of the shape of `x`, over all axes but the last: `[width]`.
 * Each column is summed in a fixed order, so that the same rows give the same bits.
 */
export function columnSum(gpu: Gpu, x: Tensor, factor?: Tensor): Tensor {
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  const share = rows > FEW_ROWS ? 16 : 1;
  const sum = gpu.tensor([width]);
  gpu.run(kernel(factor ? "product" : "x", share), {
    params: {rows, width},
    tensors: {x, ...(factor && {factor}), sum},
    grid: fold(Math.ceil(width / columnsFor(share)))
  });
  return sum;
}
