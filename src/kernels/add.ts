import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";

export interface Inputs {
  /** Any shape. */
  readonly a: Tensor;
  /** The shape of `a`. */
  readonly b: Tensor;
}

const kernel = defineKernel(/* wgsl */ `
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn add(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count) { y[i] = a[i] + b[i]; }
}`);

/**
 * `y = a + b`, element by element: the residual connection.
 *
 * @throws {ShapeError} if `b` is not of the shape of `a`.
 */
export function forward(gpu: Gpu, {a, b}: Inputs): Tensor {
  checkShape("add", "b", b.shape, a.shape, "to match a");
  const y = gpu.tensor(a.shape);
  const count = size(a.shape);
  gpu.run(kernel, {params: {count}, tensors: {a, b, y}, grid: fold(Math.ceil(count / 64))});
  return y;
}
