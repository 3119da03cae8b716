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

function checkSpan({tokens, start}: Omit<Span, "batch">, context: number): void {
  if (start + tokens > context)
    throw new RangeError(
      `positional-embedding: start + tokens must be at most ${context}, the rows of table, got ${start} + ${tokens}`
    );
}

/**
 * The table's rows `start … start + tokens − 1`, once for each of the batch: `[batch, tokens, width]`.
 *
 * @throws {RangeError} if the span ends past the table.
 */
export function forward(gpu: Gpu, {table}: Inputs, {batch, tokens, start}: Span): Tensor {
  const [context, width] = table.shape;
  checkSpan({tokens, start}, context);
  const y = gpu.tensor([batch, tokens, width]);
  const count = size(y.shape);
  gpu.run(kernel, {
    params: {count, first: start * width, period: tokens * width},
    tensors: {table, y},
    grid: fold(Math.ceil(count / 64))
  });
  return y;
}

const backwardKernel = defineKernel(/* wgsl */ `
struct Params { count: u32, batch: u32, first: u32, period: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> dy: array<f32>;
@group(0) @binding(2) var<storage, read_write> dtable: array<f32>;

@compute @workgroup_size(64)
fn positional_embedding_backward(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u
) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count) { return; }
  var sum = 0.0;
  if (i >= params.first && i < params.first + params.period) {
    for (var b = 0u; b < params.batch; b++) { sum += dy[b * params.period + i - params.first]; }
  }
  dtable[i] = sum;
}`);

/**
 * The gradient of the table: `dy` `[batch, tokens, width]` summed over the batch, in rows
 * `start … start + tokens − 1`, and zero in the others.
 *
 * @param options `context` is how many rows the table has.
 * @returns `[context, width]`
 * @throws {RangeError} if the span ends past the table.
 */
export function backward(
  gpu: Gpu,
  {dy}: {readonly dy: Tensor},
  {context, start}: {readonly context: number; readonly start: number}
): Tensor {
  const [batch, tokens, width] = dy.shape;
  checkSpan({tokens, start}, context);
  const dtable = gpu.tensor([context, width]);
  const count = size(dtable.shape);
  gpu.run(backwardKernel, {
    params: {count, batch, first: start * width, period: tokens * width},
    tensors: {dy, dtable},
    grid: fold(Math.ceil(count / 64))
  });
  return dtable;
}
