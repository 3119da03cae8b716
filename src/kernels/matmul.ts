import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel, type Kernel} from "../gpu/kernel.js";
import {checkShape, rowCount} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {type Variant, variant} from "./matmul-variant.js";
import {
  type Activation,
  type Operands,
  tiledKernel,
  tiledWorkgroups,
  vectorKernel,
  vectorWorkgroups
} from "./matmul.wgsl.js";
import type {Weight, WeightDtype} from "./weight.js";
import {weightTensors} from "./weight.wgsl.js";

export interface Inputs {
  /** `[…, in]`. */
  readonly x: Tensor;
  /** `[out, in]`. */
  readonly weight: Weight;
  /** `[out]`. */
  readonly bias?: Tensor;
}

export interface GatedInputs {
  /** `[…, in]`. */
  readonly x: Tensor;
  /** `[out, in]`. */
  readonly gate: Weight;
  /** `[out, in]`. */
  readonly up: Weight;
}

const kernels = new Map<string, Kernel>();

function kernelFor(options: Operands, choice: Variant, rows: number): Kernel {
  const vector = choice.kind === "vector";
  const key = JSON.stringify([options, choice, vector ? rows : null]);
  const known = kernels.get(key);
  if (known) return known;
  const wgsl = vector
    ? vectorKernel(options, rows, choice.lanes)
    : tiledKernel(options, choice.tile);
  const kernel = defineKernel(wgsl);
  kernels.set(key, kernel);
  return kernel;
}

function multiply(
  gpu: Gpu,
  x: Tensor,
  matrices: Readonly<Record<string, Weight>>,
  activation: Activation,
  bias?: Tensor
): Tensor {
  const [outs, columns] = Object.values(matrices)[0].shape;
  const rows = rowCount(x.shape);
  const y = gpu.tensor([...x.shape.slice(0, -1), outs]);
  if (rows === 0) return y;
  const dtypes = Object.entries(matrices).map(([name, {values}]) => [name, values.dtype]);
  const options: Operands = {
    matrices: Object.fromEntries(dtypes) as Record<string, WeightDtype>,
    aligned: columns % 4 === 0,
    bias: bias !== undefined,
    activation
  };
  const {limits} = gpu.device;
  const choice = variant({rows, outs, columns, matrices: dtypes.length === 2 ? 2 : 1, limits});
  const workgroups =
    choice.kind === "vector"
      ? vectorWorkgroups(outs, choice.lanes)
      : tiledWorkgroups(rows, outs, choice.tile);
  const weights = Object.entries(matrices).map(([name, weight]) => weightTensors(name, weight));
  gpu.run(kernelFor(options, choice, rows), {
    params: {rows, outs, columns},
    tensors: Object.assign({x, y, ...(bias && {bias})}, ...weights) as Record<string, Tensor>,
    grid: fold(workgroups)
  });
  return y;
}

/**
 * `y = x·weightᵀ + bias`, of shape `[…, out]`; with `"gelu"`, the GELU of that in its tanh form.
 *
 * @throws {ShapeError} if the last axis of `x` is not `in`, or `bias` is not `[out]`.
 */
export function forward(
  gpu: Gpu,
  {x, weight, bias}: Inputs,
  activation: Activation = "none"
): Tensor {
  const [outs, columns] = weight.shape;
  checkColumns(x, columns, "weight");
  if (bias) checkShape("matmul", "bias", bias.shape, [outs], "to match the rows of weight");
  return multiply(gpu, x, {weight}, activation, bias);
}

/**
 * `y = silu(x·gateᵀ) · (x·upᵀ)`, of shape `[…, out]`.
 *
 * @throws {ShapeError} if the last axis of `x` is not `in`, or `gate` and `up` differ in shape.
 */
export function forwardGated(gpu: Gpu, {x, gate, up}: GatedInputs): Tensor {
  checkColumns(x, gate.shape[1], "gate");
  checkShape("matmul", "up", up.shape, gate.shape, "to match gate");
  return multiply(gpu, x, {gate, up}, "none");
}

function checkColumns(x: Tensor, columns: number, matrix: string): void {
  const expected = [...x.shape.slice(0, -1), columns];
  checkShape("matmul", "x", x.shape, expected, `to match the columns of ${matrix}`);
}
