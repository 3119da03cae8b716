import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {checkIndices} from "./indices.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export type Op = "replace" | "add" | "scale";

export interface Inputs {
  /** `[…, channels]`; every axis but the last counts rows. */
  readonly x: Tensor;
  /** u32 `[rows]`: 0 leaves the row alone, n + 1 edits it with row n of `values`. */
  readonly rowOf: Tensor;
  /** `[edited rows, channels]` */
  readonly values: Tensor;
}

const edited: Readonly<Record<Op, string>> = {
  replace: "v",
  add: "x[i] + v",
  scale: "x[i] * v"
};

const kernel = variants((pack: Pack, op: Op) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { count: u32, channels: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> row_of: array<u32>;
@group(0) @binding(3) var<storage, read> values: array<Value>;
@group(0) @binding(4) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(64)
fn edit_${op}(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count / PACK) { return; }
  let channels = params.channels / PACK;
  let row = row_of[i / channels];
  if (row == 0) {
    y[i] = x[i];
  } else {
    let v = values[(row - 1) * channels + i % channels];
    y[i] = ${edited[op]};
  }
}`)
);

function checkRows(name: string, {shape}: Tensor, {rowOf, values}: Omit<Inputs, "x">): void {
  const why = `to match the last axis of ${name}`;
  checkShape("edit", "rowOf", rowOf.shape, [rowCount(shape)], `for each row of ${name}`);
  checkIndices("edit", "rowOf", rowOf);
  checkShape("edit", "values", values.shape, [values.shape[0], shape.at(-1)!], why);
}

/**
 * Replaces, adds to or scales chosen rows: what a patch does to an activation. Never in place.
 *
 * @returns A tensor of the shape of `x`.
 * @throws {ShapeError} if `rowOf` is not one u32 a row, or `values` not of the channels of `x`.
 */
export function forward(gpu: Gpu, {x, rowOf, values}: Inputs, op: Op): Tensor {
  checkRows("x", x, {rowOf, values});
  const y = gpu.tensor(x.shape);
  const count = size(x.shape);
  const channels = x.shape.at(-1)!;
  const pack = packOf(channels);
  gpu.run(kernel(pack, op), {
    params: {count, channels},
    tensors: {x, row_of: rowOf, values, y},
    grid: fold(Math.ceil(count / pack / 64))
  });
  return y;
}

const passed: Readonly<Record<Op, string>> = {
  replace: "Value(0)",
  add: "dy[i]",
  scale: "dy[i] * values[(row - 1) * channels + i % channels]"
};

const backwardKernel = variants((pack: Pack, op: Op) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { count: u32, channels: u32 }
${bindings(
  ["dy: array<Value>", "row_of: array<u32>", ...(op === "scale" ? ["values: array<Value>"] : [])],
  ["dx: array<Value>"]
)}

@compute @workgroup_size(64)
fn edit_${op}_backward(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u
) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count / PACK) { return; }
  let channels = params.channels / PACK;
  let row = row_of[i / channels];
  if (row == 0) {
    dx[i] = dy[i];
  } else {
    dx[i] = ${passed[op]};
  }
}`)
);

/**
 * The gradient of `x` from the gradient `dy` of the result: zero in rows that were replaced, times
 * the factors in those that were scaled, and unchanged elsewhere.
 *
 * @returns A tensor of the shape of `dy`, `[…, channels]`.
 * @throws {ShapeError} if `rowOf` is not one u32 a row, or `values` not of the channels of `dy`.
 */
export function backward(
  gpu: Gpu,
  {rowOf, values, dy}: Omit<Inputs, "x"> & {readonly dy: Tensor},
  op: Op
): Tensor {
  checkRows("dy", dy, {rowOf, values});
  const dx = gpu.tensor(dy.shape);
  const count = size(dy.shape);
  const channels = dy.shape.at(-1)!;
  const pack = packOf(channels);
  gpu.run(backwardKernel(pack, op), {
    params: {count, channels},
    tensors: {dy, row_of: rowOf, ...(op === "scale" && {values}), dx},
    grid: fold(Math.ceil(count / pack / 64))
  });
  return dx;
}
