import {size} from "../../src/gpu/shape.js";
import * as cpu from "../../src/kernels/gelu.cpu.js";
import {backward, forward} from "../../src/kernels/gelu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const gelu = (shape: readonly number[], scale: number): KernelCase => ({
  name: `[${shape.join(", ")}] within ±${scale}`,
  async run(gpu) {
    const count = shape.reduce((n, d) => n * d, 1);
    const x = float32(seeded(count + 1)(count).map((v) => v * scale));
    const [actual] = await gpu.read(forward(gpu, {x: gpu.upload(shape, Float32Array.from(x))}));
    return [{output: "y", actual, expected: cpu.forward({x}), rowLength: shape.at(-1)!}];
  }
});

const gradient = (shape: readonly number[], scale: number): KernelCase => ({
  name: `gradient [${shape.join(", ")}] within ±${scale}`,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const x = float32(random(size(shape)).map((v) => v * scale));
    const dy = float32(random(size(shape)));
    const dx = backward(gpu, {x: upload(gpu, shape, x), dy: upload(gpu, shape, dy)});
    const [actual] = await gpu.read(dx);
    return [{output: "dx", actual, expected: cpu.backward({x, dy}), rowLength: shape.at(-1)!}];
  }
});

export const suite: KernelSuite = {
  op: "gelu",
  cases: [
    gelu([0], 1),
    gelu([1], 1),
    gelu([63], 4),
    gelu([64], 4),
    gelu([65], 1000),
    gelu([2, 3, 768], 6),
    gradient([0], 1),
    gradient([1], 1),
    gradient([63], 4),
    gradient([65], 1000),
    gradient([2, 3, 768], 6)
  ],
  mutants: [
    {find: "0.044715 * x * x * x", replace: "0.044715 * x * x"},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "-80, 80", replace: "-2, 2"},
    {find: "s + x * (e * s * s)", replace: "s + x * (e * s)"},
    {find: "1 + 3 * 0.044715 * x * x", replace: "1 + 0.044715 * x * x"},
    {find: "dx[i] = dy[i] * gelu_slope(x[i])", replace: "dx[i] = gelu_slope(x[i])"},
    {find: "dy[i] * gelu_slope(x[i])", replace: "dy[i] * gelu_slope(dy[i])"}
  ]
};
