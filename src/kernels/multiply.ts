import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {columnSum} from "./column-sum.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, width]` */
  readonly x: Tensor;
  /** `[width]` */
  readonly gain: Tensor;
}

const kernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { count: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count / PACK) { y[i] = x[i] * gain[i % (params.width / PACK)]; }
}`)
);

/**
 * `y = x · gain`, channel by channel: what RMSNorm does after it has normalised.
 *
 * @throws {ShapeError} if `gain` is not `[width]`.
 */
export function forward(gpu: Gpu, {x, gain}: Inputs): Tensor {
  const width = x.shape.at(-1)!;
  checkShape("multiply", "gain", gain.shape, [width], "to match the last axis of x");
  const y = gpu.tensor(x.shape);
  const count = size(x.shape);
  const pack = packOf(width);
  gpu.run(kernel(pack), {
    params: {count, width},
    tensors: {x, gain, y},
    grid: fold(Math.ceil(count / pack / 64))
  });
  return y;
}

/**
 * The gradient of `x`, `dy · gain`, and that of `gain`, `Σ dy · x` over the rows, from the gradient
 * `dy` of the result.
 *
 * @param options Whether the gradient of `gain` `[width]` is wanted.
 * @throws {ShapeError} if `gain` is not `[width]`, or `dy` not of the shape of `x`.
 */
export function backward(
  gpu: Gpu,
  {x, gain, dy}: Inputs & {readonly dy: Tensor},
  {weights}: {readonly weights: boolean}
): {x: Tensor; gain?: Tensor} {
  checkShape("multiply", "dy", dy.shape, x.shape, "to match x");
  const dx = forward(gpu, {x: dy, gain});
  return weights ? {x: dx, gain: columnSum(gpu, dy, x)} : {x: dx};
}
