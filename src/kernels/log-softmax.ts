import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {rowCount} from "../gpu/shape.js";
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
