import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, formatShape, ShapeError, size} from "../gpu/shape.js";
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

function checkToken(token: number, tokens: number): void {
  if (!(token >= 0 && token < tokens))
    throw new RangeError(
      `token-slice: token must be at least 0 and less than ${tokens} to be one of x, got ${token}`
    );
}

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
  checkToken(token, tokens);
  const y = gpu.tensor([batch, 1, width]);
  const pack = packOf(width);
  gpu.run(kernel(pack), {
    params: {batch, tokens, width, token},
    tensors: {x, y},
    grid: fold(Math.ceil((batch * width) / pack / 64))
  });
  return y;
}

const backwardKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${value(pack)}
struct Params { count: u32, tokens: u32, width: u32, token: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<Value>;
@group(0) @binding(2) var<storage, read_write> dx: array<Value>;

@compute @workgroup_size(64)
fn token_slice_backward(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u
) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count / PACK) { return; }
  let width = params.width / PACK;
  let row = i / width;
  var d = Value(0);
  if (row % params.tokens == params.token) { d = dy[row / params.tokens * width + i % width]; }
  dx[i] = d;
}`)
);

/**
 * The gradient of `x` from the gradient `dy` `[batch, 1, width]` of the result: zero at every token
 * but one.
 *
 * @param options `tokens` is how many tokens `x` had.
 * @returns `[batch, tokens, width]`
 * @throws {ShapeError} if `dy` is not of one token.
 * @throws {RangeError} if there is no such token.
 */
export function backward(
  gpu: Gpu,
  {dy}: {readonly dy: Tensor},
  {tokens, token}: {readonly tokens: number; readonly token: number}
): Tensor {
  const [batch, , width] = dy.shape;
  checkShape("token-slice", "dy", dy.shape, [batch, 1, width], "to be the gradient of a slice");
  checkToken(token, tokens);
  const dx = gpu.tensor([batch, tokens, width]);
  const count = size(dx.shape);
  const pack = packOf(width);
  gpu.run(backwardKernel(pack), {
    params: {count, tokens, width, token},
    tensors: {dy, dx},
    grid: fold(Math.ceil(count / pack / 64))
  });
  return dx;
}
