import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {reduce} from "./reduce.wgsl.js";
import {rowSums, SUMMED} from "./row-sums.wgsl.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, width]`; every axis but the last counts rows. */
  readonly x: Tensor;
  /** `[width]` */
  readonly gain: Tensor;
}

const forwardKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32, eps: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read_write> y: array<Value>;
@group(0) @binding(4) var<storage, read_write> scale: array<f32>;

@compute @workgroup_size(LANES)
fn rmsnorm_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var square = Value(0);
  for (var c = lane; c < length; c += LANES) { square += x[first + c] * x[first + c]; }
  let divisor = sqrt(workgroup_sum(total(square), lane) / f32(params.width) + params.eps);
  for (var c = lane; c < length; c += LANES) { y[first + c] = x[first + c] / divisor * gain[c]; }
  if (lane == 0) { scale[row] = divisor; }
}`)
);

const applyKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { count: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(64)
fn rmsnorm_apply(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count / PACK) { y[i] = x[i] / scale[i / (params.width / PACK)]; }
}`)
);

/**
 * `y = x / scale · gain` for each row, with `scale = √(mean of x² + eps)`.
 *
 * @param eps In squared units of `x`; Llama uses 1e-5.
 * @returns `y` of the shape of `x`, and `scale` `[…, 1]` in units of `x`.
 * @throws {ShapeError} if `gain` is not `[width]`.
 */
export function forward(gpu: Gpu, {x, gain}: Inputs, eps: number): {y: Tensor; scale: Tensor} {
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  checkShape("rmsnorm", "gain", gain.shape, [width], "to match the last axis of x");
  const y = gpu.tensor(x.shape);
  const scale = gpu.tensor([...x.shape.slice(0, -1), 1]);
  gpu.run(forwardKernel(packOf(width)), {
    params: {rows, width, eps},
    tensors: {x, gain, y, scale},
    grid: fold(rows)
  });
  return {y, scale};
}

/**
 * `x / scale` for a `scale` `[…, 1]` that is given: the normalised row before its gain.
 *
 * @throws {ShapeError} if `scale` is not one number a row.
 */
export function apply(gpu: Gpu, {x, scale}: {readonly x: Tensor; readonly scale: Tensor}): Tensor {
  const width = x.shape.at(-1)!;
  checkShape("rmsnorm", "scale", scale.shape, [...x.shape.slice(0, -1), 1], "for each row of x");
  const y = gpu.tensor(x.shape);
  const count = size(x.shape);
  const pack = packOf(width);
  gpu.run(applyKernel(pack), {
    params: {count, width},
    tensors: {x, scale, y},
    grid: fold(Math.ceil(count / pack / 64))
  });
  return y;
}

const backwardKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read> scale: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<Value>;
@group(0) @binding(5) var<storage, read_write> dx: array<Value>;

@compute @workgroup_size(LANES)
fn rmsnorm_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  let divisor = scale[row];
  var pulls = Value(0);
  for (var c = lane; c < length; c += LANES) { pulls += dy[first + c] * gain[c] * x[first + c]; }
  let pull = workgroup_sum(total(pulls), lane) / f32(params.width) / divisor;
  for (var c = lane; c < length; c += LANES) {
    dx[first + c] = (dy[first + c] * gain[c] - x[first + c] / divisor * pull) / divisor;
  }
}`)
);

const gainKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Value>;
@group(0) @binding(4) var<storage, read_write> dgain: array<Value>;
${rowSums(pack, {dgain: "dy[i] * (x[i] / scale[row])"})}

@compute @workgroup_size(LANES)
fn rmsnorm_backward_gain(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  sum_rows(id.x + id.y * n.x, lane);
}`)
);

const applyBackwardKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<Value>;
@group(0) @binding(4) var<storage, read_write> dx: array<Value>;
@group(0) @binding(5) var<storage, read_write> dscale: array<f32>;

@compute @workgroup_size(LANES)
fn rmsnorm_apply_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  let divisor = scale[row];
  var pulls = Value(0);
  for (var c = lane; c < length; c += LANES) {
    pulls += dy[first + c] * x[first + c];
    dx[first + c] = dy[first + c] / divisor;
  }
  let pull = workgroup_sum(total(pulls), lane);
  if (lane == 0) { dscale[row] = -pull / divisor / divisor; }
}`)
);

function checkRows(x: Tensor, scale: Tensor, dy: Tensor): void {
  checkShape("rmsnorm", "scale", scale.shape, [...x.shape.slice(0, -1), 1], "for each row of x");
  checkShape("rmsnorm", "dy", dy.shape, x.shape, "to match x");
}

/**
 * The gradients of `forward`, from its arguments, the `scale` that it returned and the gradient `dy` of
 * its `y`: of `x`, and with `weights` of `gain`, summed over all rows.
 *
 * @throws {ShapeError} if `gain` is not `[width]`, `scale` not one number a row, or `dy` not as `x`.
 */
export function backward(
  gpu: Gpu,
  {x, gain, scale, dy}: Inputs & {readonly scale: Tensor; readonly dy: Tensor},
  {weights}: {readonly weights: boolean}
): {readonly x: Tensor; readonly gain?: Tensor} {
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  checkShape("rmsnorm", "gain", gain.shape, [width], "to match the last axis of x");
  checkRows(x, scale, dy);
  const pack = packOf(width);
  const params = {rows, width};
  const dx = gpu.tensor(x.shape);
  gpu.run(backwardKernel(pack), {
    params,
    tensors: {x, gain, scale, dy, dx},
    grid: fold(rows)
  });
  if (!weights) return {x: dx};
  const dgain = gpu.tensor([width]);
  gpu.run(gainKernel(pack), {
    params,
    tensors: {x, scale, dy, dgain},
    grid: fold(Math.ceil(width / SUMMED))
  });
  return {x: dx, gain: dgain};
}

/**
 * The gradients of `apply`, of their arguments' shapes.
 *
 * @throws {ShapeError} if `scale` is not one number a row, or `dy` not as `x`.
 */
export function applyBackward(
  gpu: Gpu,
  {x, scale, dy}: {readonly x: Tensor; readonly scale: Tensor; readonly dy: Tensor}
): {readonly x: Tensor; readonly scale: Tensor} {
  checkRows(x, scale, dy);
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  const dx = gpu.tensor(x.shape);
  const dscale = gpu.tensor(scale.shape);
  gpu.run(applyBackwardKernel(packOf(width)), {
    params: {rows, width},
    tensors: {x, scale, dy, dx, dscale},
    grid: fold(rows)
  });
  return {x: dx, scale: dscale};
}
