import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {counts, each, named, numbered, runsOf, workgroupsFor} from "./several.wgsl.js";
import {variants} from "./variants.js";

export interface Pair {
  /** Any shape; written in place. */
  readonly y: Tensor;
  /** The shape of `y`. */
  readonly x: Tensor;
}

const MOST_PAIRS = 4; // eight storage bindings

const kernel = variants((pairs: number) =>
  defineKernel(/* wgsl */ `
struct Params { a: f32, ${numbered(pairs, "u32", "count").join(", ")} }
${bindings(numbered(pairs, "array<f32>", "x"), numbered(pairs, "array<f32>", "y"))}

@compute @workgroup_size(64)
fn accumulate(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
${each(pairs, (t) => `      y${t}[i] += params.a * x${t}[i];`)}
}`)
);

/**
 * `y += a · x`, element by element and in place, for several pairs at once: four a dispatch. What
 * gathers the gradients of several batches.
 *
 * @throws {ShapeError} if an `x` is not of the shape of its `y`.
 */
export function forward(gpu: Gpu, pairs: readonly Pair[], a: number): void {
  for (const {y, x} of pairs) checkShape("accumulate", "x", x.shape, y.shape, "to match y");
  for (const run of runsOf(pairs, MOST_PAIRS)) {
    const ys = run.map(({y}) => y);
    gpu.run(kernel(run.length), {
      params: {a, ...counts(ys)},
      tensors: named(run.map(({y, x}) => ({y, x}))),
      grid: fold(workgroupsFor(ys))
    });
  }
}
