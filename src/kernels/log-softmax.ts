import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {type Lanes, lanesFor, reduceOver} from "./reduce.wgsl.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, vocab]`; every axis but the last counts rows. */
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
fn log_softmax(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var top = x[first];
  for (var c = lane; c < length; c += LANES) { top = max(top, x[first + c]); }
  let peak = workgroup_max(largest(top), lane);
  var sum = Value(0);
  for (var c = lane; c < length; c += LANES) { sum += exp(x[first + c] - peak); }
  let rest = log(workgroup_sum(total(sum), lane));
  for (var c = lane; c < length; c += LANES) { y[first + c] = (x[first + c] - peak) - rest; }
}`)
);

/**
 * `y = x − log Σ eˣ` over the last axis: log-probabilities in nats.
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
fn log_softmax_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var part = Value(0);
  for (var c = lane; c < length; c += LANES) { part += dy[first + c]; }
  let all = workgroup_sum(total(part), lane);
  for (var c = lane; c < length; c += LANES) {
    dx[first + c] = dy[first + c] - exp(y[first + c]) * all;
  }
}`)
);

/**
 * The gradient of `x`, `dy − eʸ · Σ dy` over each row, from the result `y` and its gradient.
 *
 * @returns A tensor of the shape of `y`, `[…, vocab]`.
 * @throws {ShapeError} if `dy` is not of the shape of `y`.
 */
export function backward(gpu: Gpu, {y, dy}: {readonly y: Tensor; readonly dy: Tensor}): Tensor {
  checkShape("log-softmax", "dy", dy.shape, y.shape, "to match y");
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
