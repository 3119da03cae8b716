import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[batch, keys, kvHeads, headWidth]`: room for all positions, written in place. */
  readonly cache: Tensor;
  /** `[batch, tokens, kvHeads, headWidth]` */
  readonly x: Tensor;
}

const kernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${value(pack)}
// Numbers of x in all, numbers of a sequence of x and of the cache, and where the first one goes.
struct Params { count: u32, length: u32, room: u32, offset: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read_write> cache: array<Value>;

@compute @workgroup_size(64)
fn kv_append(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count / PACK) { return; }
  let length = params.length / PACK;
  let sequence = i / length;
  cache[(sequence * params.room + params.offset) / PACK + i % length] = x[i];
}`)
);

/**
 * Writes the keys or values of new tokens into the cache, at positions `start …` of each sequence.
 *
 * @throws {ShapeError} if `x` is not of the batch, heads and width of the cache.
 * @throws {RangeError} if the tokens reach past the end of the cache.
 */
export function forward(gpu: Gpu, {cache, x}: Inputs, {start}: {readonly start: number}): void {
  const [batch, keys, kvHeads, headWidth] = cache.shape;
  const tokens = x.shape[1];
  checkShape("kv-append", "x", x.shape, [batch, tokens, kvHeads, headWidth], "to fit the cache");
  if (start + tokens > keys)
    throw new RangeError(
      `kv-append: start must be at most ${keys - tokens} to fit ${tokens} tokens into ${keys} places, got ${start}`
    );
  const width = kvHeads * headWidth;
  const count = size(x.shape);
  const pack = packOf(width);
  gpu.run(kernel(pack), {
    params: {count, length: tokens * width, room: keys * width, offset: start * width},
    tensors: {x, cache},
    grid: fold(Math.ceil(count / pack / 64))
  });
}
