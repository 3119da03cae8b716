import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel} from "../gpu/kernel.js";
import {checkShape, rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {reduce} from "./reduce.wgsl.js";
import {rowSums, SUMMED} from "./row-sums.wgsl.js";
import {type Pack, packOf, value} from "./value.wgsl.js";
import {variants} from "./variants.js";

export interface Inputs {
  /** `[…, width]`; every axis but the last counts rows. */
  readonly x: Tensor;
  /** `[width]` */
  readonly gain: Tensor;
  /** `[width]` */
  readonly bias: Tensor;
}

// The mean is taken twice, the second time of what the first leaves: f32 rounds the mean of a row
// that lies far from zero by more than the row's deviation allows.
const mean = /* wgsl */ `
  let row = id.x + id.y * n.x;
  if (row >= params.rows) { return; }
  let length = params.width / PACK;
  let first = row * length;
  var sum = Value(0);
  for (var c = lane; c < length; c += LANES) { sum += x[first + c]; }
  let rough = workgroup_sum(total(sum), lane) / f32(params.width);
  var rest = Value(0);
  var square = Value(0); // for a divisor that is not given
  for (var c = lane; c < length; c += LANES) {
    let d = x[first + c] - rough;
    rest += d;
    square += d * d;
  }
  let fine = workgroup_sum(total(rest), lane) / f32(params.width);`;

const shift = /* wgsl */ `
  for (var c = lane; c < length; c += LANES) {
    y[first + c] = ((x[first + c] - rough) - fine) / divisor * gain[c] + bias[c];
  }`;

const forwardKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32, eps: f32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read> bias: array<Value>;
@group(0) @binding(4) var<storage, read_write> y: array<Value>;
@group(0) @binding(5) var<storage, read_write> scale: array<f32>;

@compute @workgroup_size(LANES)
fn layernorm_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  ${mean}
  let variance = workgroup_sum(total(square), lane) / f32(params.width) - fine * fine;
  let divisor = sqrt(max(variance, 0) + params.eps);
  ${shift}
  if (lane == 0) { scale[row] = divisor; }
}`)
);

const applyKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read> bias: array<Value>;
@group(0) @binding(4) var<storage, read_write> y: array<Value>;
@group(0) @binding(5) var<storage, read> scale: array<f32>;

@compute @workgroup_size(LANES)
fn layernorm_apply(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  ${mean}
  let divisor = scale[row];
  ${shift}
}`)
);

function rowsOf({x, gain, bias}: Inputs): {rows: number; width: number} {
  const width = x.shape.at(-1)!;
  checkShape("layernorm", "gain", gain.shape, [width], "to match the last axis of x");
  checkShape("layernorm", "bias", bias.shape, [width], "to match the last axis of x");
  return {rows: rowCount(x.shape), width};
}

/**
 * `y = (x − mean) / scale · gain + bias` for each row, with `scale = √(variance + eps)` and the
 * variance divided by the width.
 *
 * @param eps In squared units of `x`; GPT-2 uses 1e-5.
 * @returns `y` of the shape of `x`, and `scale` `[…, 1]` in units of `x`.
 * @throws {ShapeError} if `gain` or `bias` is not `[width]`.
 */
export function forward(gpu: Gpu, inputs: Inputs, eps: number): {y: Tensor; scale: Tensor} {
  const {rows, width} = rowsOf(inputs);
  const y = gpu.tensor(inputs.x.shape);
  const scale = gpu.tensor([...inputs.x.shape.slice(0, -1), 1]);
  gpu.run(forwardKernel(packOf(width)), {
    params: {rows, width, eps},
    tensors: {...inputs, y, scale},
    grid: fold(rows)
  });
  return {y, scale};
}

/**
 * The same `y` for a `scale` `[…, 1]` that is given.
 *
 * @throws {ShapeError} if `gain` or `bias` is not `[width]`, or `scale` not one number a row.
 */
export function apply(gpu: Gpu, inputs: Inputs & {readonly scale: Tensor}): Tensor {
  const {rows, width} = rowsOf(inputs);
  const {x, scale} = inputs;
  checkShape("layernorm", "scale", scale.shape, [...x.shape.slice(0, -1), 1], "for each row of x");
  const y = gpu.tensor(x.shape);
  gpu.run(applyKernel(packOf(width)), {
    params: {rows, width},
    tensors: {...inputs, y},
    grid: fold(rows)
  });
  return y;
}

/** The arguments, the divisor of each row, and the gradient of `y`. */
export interface BackwardInputs extends Omit<Inputs, "bias"> {
  /** `[…, 1]`: what `forward` returned or `apply` was given. */
  readonly scale: Tensor;
  /** Of the shape of `x`. */
  readonly dy: Tensor;
}

// `pull` is the mean of dy · gain times the normalised x. The mean of x, in the two numbers that f32
// needs, is left for the gradient of the gain.
const backwardKernel = variants((pack: Pack, scaled: "given" | "own") =>
  defineKernel(/* wgsl */ `
${reduce}
${value(pack)}
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> gain: array<Value>;
@group(0) @binding(3) var<storage, read> scale: array<f32>;
@group(0) @binding(4) var<storage, read> dy: array<Value>;
@group(0) @binding(5) var<storage, read_write> dx: array<Value>;
@group(0) @binding(6) var<storage, read_write> means: array<vec2f>;
${scaled === "given" ? /* wgsl */ `@group(0) @binding(7) var<storage, read_write> dscale: array<f32>;` : ""}

@compute @workgroup_size(LANES)
fn layernorm_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  ${mean}
  let divisor = scale[row];
  var slopes = Value(0);
  var pulls = Value(0);
  for (var c = lane; c < length; c += LANES) {
    let d = dy[first + c] * gain[c];
    slopes += d;
    pulls += d * ((x[first + c] - rough) - fine);
  }
  let slope = workgroup_sum(total(slopes), lane) / f32(params.width);
  let pull = workgroup_sum(total(pulls), lane) / f32(params.width) / divisor;
  for (var c = lane; c < length; c += LANES) {
    ${scaled === "own" ? "let normal = ((x[first + c] - rough) - fine) / divisor;" : ""}
    dx[first + c] = (dy[first + c] * gain[c] - slope${scaled === "own" ? " - normal * pull" : ""}) / divisor;
  }
  if (lane == 0) {
    means[row] = vec2f(rough, fine);
    ${scaled === "given" ? "dscale[row] = -pull * f32(params.width) / divisor;" : ""}
  }
}`)
);

const weightsKernel = variants((pack: Pack) =>
  defineKernel(/* wgsl */ `
struct Params { rows: u32, width: u32 }
@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<Value>;
@group(0) @binding(2) var<storage, read> scale: array<f32>;
@group(0) @binding(3) var<storage, read> means: array<vec2f>;
@group(0) @binding(4) var<storage, read> dy: array<Value>;
@group(0) @binding(5) var<storage, read_write> dgain: array<Value>;
@group(0) @binding(6) var<storage, read_write> dbias: array<Value>;
${rowSums(pack, {
  dgain: "dy[i] * (((x[i] - means[row].x) - means[row].y) / scale[row])",
  dbias: "dy[i]"
})}

@compute @workgroup_size(LANES)
fn layernorm_backward_weights(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) n: vec3u,
  @builtin(local_invocation_index) lane: u32
) {
  sum_rows(id.x + id.y * n.x, lane);
}`)
);

interface Gradients {
  readonly x: Tensor;
  /** `[width]`, if asked for. */
  readonly gain?: Tensor;
  /** `[width]`, if asked for. */
  readonly bias?: Tensor;
}

/**
 * The gradients of `forward`: of `x`, and with `weights` of `gain` and `bias`, summed over all rows.
 *
 * @throws {ShapeError} if `gain` is not `[width]`, `scale` not one number a row, or `dy` not as `x`.
 */
export function backward(
  gpu: Gpu,
  inputs: BackwardInputs,
  {weights}: {readonly weights: boolean}
): Gradients {
  checkBackward(inputs);
  return gradients(gpu, inputs, weights);
}

/** The gradients of `apply`: those of `backward`, with that of `scale`, of its shape. */
export function applyBackward(
  gpu: Gpu,
  inputs: BackwardInputs,
  {weights}: {readonly weights: boolean}
): Gradients & {readonly scale: Tensor} {
  checkBackward(inputs);
  const scale = gpu.tensor(inputs.scale.shape);
  return {...gradients(gpu, inputs, weights, scale), scale};
}

function checkBackward({x, gain, scale, dy}: BackwardInputs): void {
  checkShape("layernorm", "gain", gain.shape, [x.shape.at(-1)!], "to match the last axis of x");
  checkShape("layernorm", "scale", scale.shape, [...x.shape.slice(0, -1), 1], "for each row of x");
  checkShape("layernorm", "dy", dy.shape, x.shape, "to match x");
}

/** Where the scale was given, its gradient goes to `dscale`. */
function gradients(
  gpu: Gpu,
  {x, gain, scale, dy}: BackwardInputs,
  weights: boolean,
  dscale?: Tensor
): Gradients {
  const width = x.shape.at(-1)!;
  const rows = rowCount(x.shape);
  const pack = packOf(width);
  const params = {rows, width};
  return gpu.tidy((keep) => {
    const means = gpu.tensor([rows, 2]);
    const dx = keep(gpu.tensor(x.shape));
    gpu.run(backwardKernel(pack, dscale ? "given" : "own"), {
      params,
      tensors: {x, gain, scale, dy, dx, means, ...(dscale && {dscale})},
      grid: fold(rows)
    });
    if (!weights) return {x: dx};
    const dgain = keep(gpu.tensor([width]));
    const dbias = keep(gpu.tensor([width]));
    gpu.run(weightsKernel(pack), {
      params,
      tensors: {x, scale, means, dy, dgain, dbias},
      grid: fold(Math.ceil(width / SUMMED))
    });
    return {x: dx, gain: dgain, bias: dbias};
  });
}
