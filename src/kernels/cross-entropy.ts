import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {checkIndices} from "./indices.js";
import {type Lanes, lanesFor, reduceOver} from "./reduce.wgsl.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, vocab]`; every axis but the last counts rows. */
  readonly logits: Tensor;
  /** The right token of each row, `[…]`, u32, each less than `vocab`. */
  readonly targets: Tensor;
}

const kernel = variants((pack: Pack, lanes: Lanes) =>
  defineKernel(/* wgsl */ `
${reduceOver(lanes)}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<Value>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read_write> loss: array<f32>;

@compute @workgroup_size(LANES)
fn cross_entropy(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var top = logits[first];
  for (var c = lane; c < length; c += LANES) { top = max(top, logits[first + c]); }
  let peak = workgroup_max(largest(top), lane);
  var sum = Value(0);
  for (var c = lane; c < length; c += LANES) { sum += exp(logits[first + c] - peak); }
  let rest = log(workgroup_sum(total(sum), lane));
  if (lane == 0) {
    let i = targets[row];
    let hit = logits[first + i / PACK]${pack === 4 ? "[i % PACK]" : ""};
    loss[row] = (peak - hit) + rest;
  }
}`)
);

function rowsOf({logits, targets}: Inputs): {rows: number; width: number} {
  const why = "for each row of logits";
  checkShape("cross-entropy", "targets", targets.shape, logits.shape.slice(0, -1), why);
  checkIndices("cross-entropy", "targets", targets);
  return {rows: rowCount(logits.shape), width: logits.shape.at(-1)!};
}

/**
 * `loss = log Σ eˣ − x[target]` of each row, in nats.
 *
 * @returns A tensor of the shape of `targets`.
 * @throws {ShapeError} if `targets` is not one u32 a row.
 */
export function forward(gpu: Gpu, {logits, targets}: Inputs): Tensor {
  const {rows, width} = rowsOf({logits, targets});
  const loss = gpu.tensor(targets.shape);
  gpu.run(kernel(packOf(width), lanesFor(width)), {
    params: {rows, width},
    tensors: {logits, targets, loss},
    grid: fold(rows)
  });
  return loss;
}

const backwardKernel = variants((pack: Pack, lanes: Lanes) =>
  defineKernel(/* wgsl */ `
${reduceOver(lanes)}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<Value>;
@group(0) @binding(2) var<storage, read> targets: array<u32>;
@group(0) @binding(3) var<storage, read> dloss: array<f32>;
@group(0) @binding(4) var<storage, read_write> dlogits: array<Value>;

@compute @workgroup_size(LANES)
fn cross_entropy_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  let hit = targets[row] / PACK;
  var top = logits[first];
  for (var c = lane; c < length; c += LANES) { top = max(top, logits[first + c]); }
  let peak = workgroup_max(largest(top), lane);
  // The target is left out, so that softmax − 1 need not be taken: it cancels where the loss is low.
  var others = Value(0);
  for (var c = lane; c < length; c += LANES) {
    var e = exp(logits[first + c] - peak);
    if (c == hit) { e${pack === 4 ? "[targets[row] % PACK]" : ""} = 0; }
    others += e;
  }
  let rest = workgroup_sum(total(others), lane);
  let right = exp(logits[first + hit]${pack === 4 ? "[targets[row] % PACK]" : ""} - peak);
  let factor = dloss[row] / (rest + right);
  for (var c = lane; c < length; c += LANES) {
    var d = exp(logits[first + c] - peak);
    if (c == hit) { d${pack === 4 ? "[targets[row] % PACK]" : ""} = -rest; }
    dlogits[first + c] = d * factor;
  }
}`)
);

/**
 * The gradient of the logits, `(softmax − 1 at the target) · dloss` of the row.
 *
 * @param inputs `dloss` is of the shape of `targets`: 1 / rows for the gradient of the mean loss.
 * @returns A tensor of the shape of `logits`, `[…, vocab]`.
 * @throws {ShapeError} if `targets` is not one u32 a row, or `dloss` not of its shape.
 */
export function backward(
  gpu: Gpu,
  {logits, targets, dloss}: Inputs & {readonly dloss: Tensor}
): Tensor {
  const {rows, width} = rowsOf({logits, targets});
  checkShape("cross-entropy", "dloss", dloss.shape, targets.shape, "to match targets");
  const dlogits = gpu.tensor(logits.shape);
  gpu.run(backwardKernel(packOf(width), lanesFor(width)), {
    params: {rows, width},
    tensors: {logits, targets, dloss, dlogits},
    grid: fold(rows)
  });
  return dlogits;
}
