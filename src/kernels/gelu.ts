import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {activations, slopes} from "./activation.wgsl.js";

export interface Inputs {
  /** Any shape. */
  readonly x: Tensor;
}

const kernel = defineKernel(/* wgsl */ `
${activations}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn gelu_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count) { y[i] = gelu(x[i]); }
}`);

/**
 * `y = x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))`, element by element: GPT-2's `gelu_new`, the tanh
 * form of Hendrycks & Gimpel, "Gaussian Error Linear Units" (2016).
 */
export function forward(gpu: Gpu, {x}: Inputs): Tensor {
  const y = gpu.tensor(x.shape);
  const count = size(x.shape);
  gpu.run(kernel, {params: {count}, tensors: {x, y}, grid: fold(Math.ceil(count / 64))});
  return y;
}

const backwardKernel = defineKernel(/* wgsl */ `
${slopes}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read> dy: array<f32>;
@group(0) @binding(3) var<storage, read_write> dx: array<f32>;

@compute @workgroup_size(64)
fn gelu_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count) { dx[i] = dy[i] * gelu_slope(x[i]); }
}`);

/**
 * The gradient of `x`, the input of GELU, from the gradient `dy` of its result.
 *
 * @throws {ShapeError} if `dy` is not of the shape of `x`.
 */
export function backward(gpu: Gpu, {x, dy}: Inputs & {readonly dy: Tensor}): Tensor {
  checkShape("gelu", "dy", dy.shape, x.shape, "to match x");
  const dx = gpu.tensor(x.shape);
  const count = size(x.shape);
  gpu.run(backwardKernel, {
    params: {count},
    tensors: {x, dy, dx},
    grid: fold(Math.ceil(count / 64))
  });
  return dx;
}
