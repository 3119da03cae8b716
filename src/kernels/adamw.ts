import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import {checkClip, type Clip, clipFactor} from "./clip.wgsl.js";
import {counts, each, named, numbered, runsOf, workgroupsFor} from "./several.wgsl.js";
import {variants} from "./variants.js";

/** A weight with what AdamW remembers of it. */
export interface Parameter {
  /** f32 of any shape; written in place. */
  readonly weight: Tensor;
  /** The shape of `weight`. */
  readonly gradient: Tensor;
  /** `[2, …shape of weight]`: running means of the gradient, then of its square; written in place, zeros at first. */
  readonly moments: Tensor;
  /** How much of itself the weight loses a step, as a multiple of the rate. */
  readonly weightDecay: number;
}

export interface Options {
  /** Of this update, from 1. */
  readonly step: number;
  readonly rate: number;
  /** Of the running mean of the gradient, and of its square. */
  readonly beta1: number;
  readonly beta2: number;
  /** Added to the root of the mean square, in the units of the gradient. */
  readonly eps: number;
  readonly clip?: Clip;
}

const MOST_TENSORS = 2; // eight storage bindings: three a weight, the rates and the norm

const kernel = variants((tensors: number, clipped: "clipped" | "whole") =>
  defineKernel(/* wgsl */ `
// keep: what a running mean keeps; gain: what it takes of the new value.
struct Params {
  keep1: f32, gain1: f32, keep2: f32, gain2: f32, eps: f32,
  ${clipped === "clipped" ? "limit: f32," : ""}
  ${[...numbered(tensors, "u32", "count"), ...numbered(tensors, "f32", "decay")].join(", ")}
}
${bindings(
  [
    ...numbered(tensors, "array<f32>", "gradient"),
    "rates: array<f32>", // the rate, and what corrects each mean for its beginning at zero
    ...(clipped === "clipped" ? ["norm: array<f32>"] : [])
  ],
  numbered(tensors, "array<f32>", "weight", "moments")
)}
${clipFactor(clipped === "clipped")}

@compute @workgroup_size(64)
fn adamw(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
${each(
  tensors,
  (t) => `      let j = params.count${t} + i;
      let g = gradient${t}[i] * clip_factor();
      let mean = params.keep1 * moments${t}[i] + params.gain1 * g;
      let square = params.keep2 * moments${t}[j] + params.gain2 * g * g;
      let change = mean * rates[1] / (sqrt(square * rates[2]) + params.eps);
      moments${t}[i] = mean;
      moments${t}[j] = square;
      weight${t}[i] -= rates[0] * (params.decay${t} * weight${t}[i] + change);`
)}
}`)
);

/**
 * One step of AdamW for several weights, in place: Adam's step with bias-corrected moments, and decay
 * that is no part of the gradient (Loshchilov and Hutter, "Decoupled Weight Decay Regularization",
 * 2019). Two weights a dispatch.
 *
 * @throws {ShapeError} if a gradient is not of the shape of its weight, or moments not of two of it.
 * @throws {RangeError} if `step` is not at least 1, or the limit of the norm not above 0.
 */
export function step(
  gpu: Gpu,
  parameters: readonly Parameter[],
  {step, rate, beta1, beta2, eps, clip}: Options
): void {
  for (const {weight, gradient, moments} of parameters) {
    checkShape("adamw", "gradient", gradient.shape, weight.shape, "to match its weight");
    checkShape("adamw", "moments", moments.shape, [2, ...weight.shape], "to match its weight");
  }
  if (!(step >= 1))
    throw new RangeError(`adamw: step must be at least 1 to correct its means, got ${step}`);
  if (clip) checkClip("adamw", clip);
  gpu.tidy(() => {
    // What changes from step to step is a tensor, so that bind groups can be kept.
    const corrections = [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)];
    const rates = gpu.upload([3], Float32Array.of(rate, ...corrections));
    for (const run of runsOf(parameters, MOST_TENSORS)) {
      const weights = run.map(({weight}) => weight);
      const decays = run.map(({weightDecay}, i) => [`decay${i}`, weightDecay]);
      gpu.run(kernel(run.length, clip ? "clipped" : "whole"), {
        params: {
          ...{keep1: beta1, gain1: 1 - beta1, keep2: beta2, gain2: 1 - beta2, eps},
          ...(clip && {limit: clip.limit}),
          ...counts(weights),
          ...(Object.fromEntries(decays) as Record<string, number>)
        },
        tensors: {
          ...named(run.map(({weight, gradient, moments}) => ({weight, gradient, moments}))),
          rates,
          ...(clip && {norm: clip.norm})
        },
        grid: fold(workgroupsFor(weights))
      });
    }
  });
}
