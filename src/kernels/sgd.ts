import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {checkClip, type Clip, clipFactor} from "./clip.wgsl.js";
import {counts, each, named, numbered, runsOf, workgroupsFor} from "./several.wgsl.js";
import {variants} from "./variants.js";

/** A weight with its velocity. */
export interface Parameter {
  /** f32 of any shape; written in place. */
  readonly weight: Tensor;
  /** The shape of `weight`. */
  readonly gradient: Tensor;
  /** The shape of `weight`; written in place, zeros at first. */
  readonly velocity: Tensor;
  /** How much of itself the weight loses a step, as a multiple of the rate. */
  readonly weightDecay: number;
}

export interface Options {
  readonly rate: number;
  /** What the velocity keeps from step to step, from 0 to less than 1. */
  readonly momentum: number;
  readonly clip?: Clip;
}

const MOST_TENSORS = 2; // eight storage bindings: three a weight, the rate and the norm

const kernel = variants((tensors: number, clipped: "clipped" | "whole") =>
  defineKernel(/* wgsl */ `
struct Params {
  momentum: f32,
  ${clipped === "clipped" ? "limit: f32," : ""}
  ${[...numbered(tensors, "u32", "count"), ...numbered(tensors, "f32", "decay")].join(", ")}
}
${bindings(
  [
    ...numbered(tensors, "array<f32>", "gradient"),
    "rate: array<f32>",
    ...(clipped === "clipped" ? ["norm: array<f32>"] : [])
  ],
  numbered(tensors, "array<f32>", "weight", "velocity")
)}
${clipFactor(clipped === "clipped")}

@compute @workgroup_size(64)
fn sgd(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
${each(
  tensors,
  (t) => `      let v = params.momentum * velocity${t}[i] + clip_factor() * gradient${t}[i];
      velocity${t}[i] = v;
      weight${t}[i] -= rate[0] * (params.decay${t} * weight${t}[i] + v);`
)}
}`)
);

/**
 * One step of gradient descent with momentum for several weights, in place: `velocity = momentum ·
 * velocity + gradient`, `weight −= rate · (velocity + weightDecay · weight)`, the decay being no part
 * of the velocity (Loshchilov and Hutter, 2019). Two weights a dispatch.
 *
 * @throws {ShapeError} if a gradient or a velocity is not of the shape of its weight.
 * @throws {RangeError} if the limit of the norm is not above 0.
 */
export function step(
  gpu: Gpu,
  parameters: readonly Parameter[],
  {rate, momentum, clip}: Options
): void {
  for (const {weight, gradient, velocity} of parameters) {
    checkShape("sgd", "gradient", gradient.shape, weight.shape, "to match its weight");
    checkShape("sgd", "velocity", velocity.shape, weight.shape, "to match its weight");
  }
  if (clip) checkClip("sgd", clip);
  gpu.tidy(() => {
    const rates = gpu.upload([1], Float32Array.of(rate));
    for (const run of runsOf(parameters, MOST_TENSORS)) {
      const weights = run.map(({weight}) => weight);
      const decays = run.map(({weightDecay}, i) => [`decay${i}`, weightDecay]);
      gpu.run(kernel(run.length, clip ? "clipped" : "whole"), {
        params: {
          momentum,
          ...(clip && {limit: clip.limit}),
          ...counts(weights),
          ...(Object.fromEntries(decays) as Record<string, number>)
        },
        tensors: {
          ...named(run.map(({weight, gradient, velocity}) => ({weight, gradient, velocity}))),
          rate: rates,
          ...(clip && {norm: clip.norm})
        },
        grid: fold(workgroupsFor(weights))
      });
    }
  });
}
