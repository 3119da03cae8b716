import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {formatShape, ShapeError} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[batch, tokens, width]` */
  readonly x: Tensor;
}

const kernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { batch: u32, tokens: u32, width: u32, token: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read_write> y: array<Value>;

@compute @workgroup_size(64)
fn token_slice(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  let width = params.width / PACK;
  if (i >= params.batch * width) { return; }
  y[i] = x[(i / width * params.tokens + params.token) * width + i % width];
}`)
);

/**
 * One token of each sequence.
 *
 * @returns `[batch, 1, width]`
 * @throws {ShapeError} if `x` is not of three axes.
 * @throws {RangeError} if there is no such token.
 */
export function forward(gpu: Gpu, {x}: Inputs, {token}: {readonly token: number}): Tensor {
  const [batch, tokens, width] = x.shape;
  if (x.shape.length !== 3)
    throw new ShapeError(
      `token-slice: x must be [batch, tokens, width] to have tokens, got ${formatShape(x.shape)}`
    );
  if (!(token >= 0 && token < tokens))
    throw new RangeError(
      `token-slice: token must be at least 0 and less than ${tokens} to be one of x, got ${token}`
    );
  const y = gpu.tensor([batch, 1, width]);
  const pack = packOf(width);
  gpu.run(kernel(pack), {
    params: {batch, tokens, width, token},
    tensors: {x, y},
    grid: fold(Math.ceil((batch * width) / pack / 64))
  });
  return y;
}
