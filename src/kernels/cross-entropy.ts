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

/**
 * `loss = log Σ eˣ − x[target]` of each row, in nats.
 *
 * @returns A tensor of the shape of `targets`.
 * @throws {ShapeError} if `targets` is not one u32 a row.
 */
export function forward(gpu: Gpu, {logits, targets}: Inputs): Tensor {
  const width = logits.shape.at(-1)!;
  const rows = rowCount(logits.shape);
  const why = "for each row of logits";
  checkShape("cross-entropy", "targets", targets.shape, logits.shape.slice(0, -1), why);
  checkIndices("cross-entropy", "targets", targets);
  const loss = gpu.tensor(targets.shape);
  gpu.run(kernel(packOf(width), lanesFor(width)), {
    params: {rows, width},
    tensors: {logits, targets, loss},
    grid: fold(rows)
  });
  return loss;
}
