import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";

export interface Inputs {
  /** `[context, width]`. */
  readonly table: Tensor;
}

export interface Span {
  readonly batch: number;
  readonly tokens: number;
  /** Position of the first token. */
  readonly start: number;
}

const kernel = defineKernel(/* wgsl */ `
struct Params { count: u32, first: u32, period: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> table: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn positional_embedding(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u
) {
  let i = id.x + id.y * n.x * 64;
  if (i < params.count) { y[i] = table[params.first + i % params.period]; }
}`);

/**
 * The table's rows `start … start + tokens − 1`, once for each of the batch: `[batch, tokens, width]`.
 *
 * @throws {RangeError} if the span ends past the table.
 */
export function forward(gpu: Gpu, {table}: Inputs, {batch, tokens, start}: Span): Tensor {
  const [context, width] = table.shape;
  if (start + tokens > context)
    throw new RangeError(
      `positional-embedding: start + tokens must be at most ${context}, the rows of table, got ${start} + ${tokens}`
    );
  const y = gpu.tensor([batch, tokens, width]);
  const count = size(y.shape);
  gpu.run(kernel, {
    params: {count, first: start * width, period: tokens * width},
    tensors: {table, y},
    grid: fold(Math.ceil(count / 64))
  });
  return y;
}
