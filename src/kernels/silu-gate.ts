import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {activations} from "./activation.wgsl.js";

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
