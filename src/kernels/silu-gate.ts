import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {activations, slopes} from "./activation.wgsl.js";

export interface Inputs {
  /** Any shape. */
  readonly gate: Tensor;
  /** The shape of `gate`. */
  readonly up: Tensor;
}

const kernel = defineKernel(/* wgsl */ `
${activations}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gate: array<f32>;
@group(0) @binding(2) var<storage, read> up: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn silu_gate(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count) { y[i] = silu(gate[i]) * up[i]; }
}`);

/**
 * `y = silu(gate) · up`, element by element, with `silu(g) = g / (1 + e^−g)`: the SwiGLU of Shazeer,
 * "GLU Variants Improve Transformer" (2020).
 *
 * @throws {ShapeError} if `up` is not of the shape of `gate`.
 */
export function forward(gpu: Gpu, {gate, up}: Inputs): Tensor {
  checkShape("silu-gate", "up", up.shape, gate.shape, "to match gate");
  const y = gpu.tensor(gate.shape);
  const count = size(gate.shape);
  gpu.run(kernel, {params: {count}, tensors: {gate, up, y}, grid: fold(Math.ceil(count / 64))});
  return y;
}

const backwardKernel = defineKernel(/* wgsl */ `
${activations}
${slopes}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> gate: array<f32>;
@group(0) @binding(2) var<storage, read> up: array<f32>;
@group(0) @binding(3) var<storage, read> dy: array<f32>;
@group(0) @binding(4) var<storage, read_write> dgate: array<f32>;
@group(0) @binding(5) var<storage, read_write> dup: array<f32>;

@compute @workgroup_size(64)
fn silu_gate_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count) { return; }
  dgate[i] = dy[i] * up[i] * silu_slope(gate[i]);
  dup[i] = dy[i] * silu(gate[i]);
}`);

/**
 * The gradients of `gate` and `up` from the gradient `dy` of the result, all of one shape.
 *
 * @throws {ShapeError} if `up` or `dy` is not of the shape of `gate`.
 */
export function backward(
  gpu: Gpu,
  {gate, up, dy}: Inputs & {readonly dy: Tensor}
): {gate: Tensor; up: Tensor} {
  checkShape("silu-gate", "up", up.shape, gate.shape, "to match gate");
  checkShape("silu-gate", "dy", dy.shape, gate.shape, "to match gate");
  const dgate = gpu.tensor(gate.shape);
  const dup = gpu.tensor(gate.shape);
  const count = size(gate.shape);
  gpu.run(backwardKernel, {
    params: {count},
    tensors: {gate, up, dy, dgate, dup},
    grid: fold(Math.ceil(count / 64))
  });
  return {gate: dgate, up: dup};
}
