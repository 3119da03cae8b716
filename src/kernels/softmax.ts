import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {MASKED} from "./masked.js";
import {type Lanes, lanesFor, reduceOver} from "./reduce.wgsl.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, width]`; every axis but the last counts rows. An entry of −1e30 is masked. */
  readonly x: Tensor;
}

const kernel = variants((pack: Pack, lanes: Lanes) =>
  defineKernel(/* wgsl */ `
${reduceOver(lanes)}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(LANES)
fn softmax(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var top = Value(${MASKED});
  for (var c = lane; c < length; c += LANES) { top = max(top, x[first + c]); }
  let peak = workgroup_max(largest(top), lane);
  var sum = Value(0);
  for (var c = lane; c < length; c += LANES) {
    let v = x[first + c];
    let weight = select(Value(0), exp(v - peak), v > Value(${MASKED}));
    sum += weight;
    y[first + c] = weight;
  }
  let weights = max(1, workgroup_sum(total(sum), lane)); // below 1 only where all is masked
  for (var c = lane; c < length; c += LANES) { y[first + c] /= weights; }
}`)
);

/**
 * `y = eˣ / Σ eˣ` over the last axis. A masked entry weighs exactly 0, and so does every entry of a
 * row that is masked as a whole.
 *
 * @returns A tensor of the shape of `x`.
 */
export function forward(gpu: Gpu, {x}: Inputs): Tensor {
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  const y = gpu.tensor(x.shape);
  gpu.run(kernel(packOf(width), lanesFor(width)), {
    params: {rows, width},
    tensors: {x, y},
    grid: fold(rows)
  });
  return y;
}

const backwardKernel = variants((pack: Pack, lanes: Lanes) =>
  defineKernel(/* wgsl */ `
${reduceOver(lanes)}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> y: array<Value>;
@group(0) @binding(2) var<storage, read> dy: array<Value>;
@group(0) @binding(3) var<storage, read_write> dx: array<Value>;

@compute @workgroup_size(LANES)
fn softmax_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var sum = Value(0);
  for (var c = lane; c < length; c += LANES) { sum += y[first + c] * dy[first + c]; }
  let mean = workgroup_sum(total(sum), lane);
  for (var c = lane; c < length; c += LANES) { dx[first + c] = y[first + c] * (dy[first + c] - mean); }
}`)
);

/**
 * The gradient of `x`, `y · (dy − Σ y · dy)` over the last axis, from the result `y` and its gradient
 * `dy`. A masked entry gets 0.
 *
 * @returns A tensor of the shape of `y`.
 * @throws {ShapeError} if `dy` is not of the shape of `y`.
 */
export function backward(gpu: Gpu, {y, dy}: {readonly y: Tensor; readonly dy: Tensor}): Tensor {
  checkShape("softmax", "dy", dy.shape, y.shape, "to match y");
  const width = y.shape.at(-1)!;
  const rows = rowCount(y.shape);
  const dx = gpu.tensor(y.shape);
  gpu.run(backwardKernel(packOf(width), lanesFor(width)), {
    params: {rows, width},
    tensors: {y, dy, dx},
    grid: fold(rows)
  });
  return dx;
}
