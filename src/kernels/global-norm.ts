import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {reduceOver} from "./reduce.wgsl.js";
import {counts, named, numbered, runsOf, workgroupsFor} from "./several.wgsl.js";
import {variants} from "./variants.js";

const MOST_TENSORS = 7; // eight storage bindings
const LANES = 256;
const PER_WORKGROUP = 16 * LANES;

const partsKernel = variants((tensors: number) =>
  defineKernel(/* wgsl */ `
${reduceOver(LANES)}
struct Params { first: u32, ${numbered(tensors, "u32", "count").join(", ")} }
${bindings(numbered(tensors, "array<f32>", "x"), ["parts: array<f32>"])}
const SHARE = ${PER_WORKGROUP}u; // numbers of one tensor that a workgroup takes

@compute @workgroup_size(LANES)
fn global_norm_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  let number = id.x + id.y * n.x;
  var group = number;
  var square = 0.0;
  var taken = false;
${Array.from(
  {length: tensors},
  (_, t) => `  if (!taken) {
    let groups = (params.count${t} + SHARE - 1) / SHARE;
    if (group < groups) {
      taken = true;
      let end = min(group * SHARE + SHARE, params.count${t});
      for (var i = group * SHARE + lane; i < end; i += LANES) { square += x${t}[i] * x${t}[i]; }
    } else {
      group -= groups;
    }
  }`
).join("\n")}
  let sum = workgroup_sum(square, lane);
  if (lane == 0 && taken) { parts[params.first + number] = sum; }
}`)
);

const normKernel = defineKernel(/* wgsl */ `
${reduceOver(LANES)}
struct Params { count: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> parts: array<f32>;
@group(0) @binding(2) var<storage, read_write> norm: array<f32>;

@compute @workgroup_size(LANES)
fn global_norm(@builtin(local_invocation_index) lane: u32) {
  var part = 0.0;
  for (var i = lane; i < params.count; i += LANES) { part += parts[i]; }
  let sum = workgroup_sum(part, lane);
  if (lane == 0) { norm[0] = sqrt(sum); }
}`);

/**
 * The norm of several f32 tensors as one vector, `√ Σ x²`, left on the device: `[1]`. What gradients
 * are clipped by. Sums are taken in a fixed order; seven tensors a dispatch, and one more.
 */
export function forward(gpu: Gpu, tensors: readonly Tensor[]): Tensor {
  return gpu.tidy((keep) => {
    const filled = tensors.filter(({shape}) => size(shape) > 0);
    const count = workgroupsFor(filled, PER_WORKGROUP);
    const parts = gpu.tensor([count]);
    let first = 0;
    for (const run of runsOf(filled, MOST_TENSORS)) {
      const workgroups = workgroupsFor(run, PER_WORKGROUP);
      gpu.run(partsKernel(run.length), {
        params: {first, ...counts(run)},
        tensors: {...named(run.map((x) => ({x}))), parts},
        grid: fold(workgroups)
      });
      first += workgroups;
    }
    const norm = keep(gpu.tensor([1]));
    gpu.run(normKernel, {params: {count}, tensors: {parts, norm}, grid: [1]});
    return norm;
  });
}
