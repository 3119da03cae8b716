import {size} from "../../src/gpu/shape.js";
import {backward, forward} from "../../src/kernels/log-softmax.js";
import * as cpu from "../../src/kernels/log-softmax.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const shapes = [
  [0, 64],
  [1, 1],
  [2, 3, 63],
  [2, 64],
  [3, 65],
  [2, 768],
  [2, 1025],
  [1, 2052]
] as const;

const logSoftmaxCase = (
  name: string,
  shape: readonly number[],
  of: (v: number) => number
): KernelCase => ({
  name,
  async run(gpu) {
    const width = shape.at(-1)!;
    const x = float32(seeded(size(shape) + 1)(size(shape)).map(of));
    const [actual] = await gpu.read(forward(gpu, {x: upload(gpu, shape, x)}));
    return [{output: "y", actual, expected: cpu.forward({x}, width), rowLength: width}];
  }
});

const gradient = (shape: readonly number[]): KernelCase => ({
  name: `gradient [${shape.join(", ")}]`,
  async run(gpu) {
    const width = shape.at(-1)!;
    const random = seeded(size(shape) + 1);
    const y = float32(cpu.forward({x: random(size(shape)).map((v) => 4 * v)}, width));
    const dy = float32(random(size(shape)).map((v) => v + 0.5));
    const dx = backward(gpu, {y: upload(gpu, shape, y), dy: upload(gpu, shape, dy)});
    const [actual] = await gpu.read(dx);
    return [{output: "dx", actual, expected: cpu.backward({y, dy}, width), rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "log-softmax",
  cases: [
    ...shapes.map((shape) => logSoftmaxCase(`[${shape.join(", ")}]`, shape, (v) => 4 * v)),
    logSoftmaxCase("[2, 65], around 1,000", [2, 65], (v) => 1000 + 2 * v),
    logSoftmaxCase("[2, 768], around −1,000", [2, 768], (v) => -1000 + 2 * v),
    ...shapes.map(gradient)
  ],
  mutants: [
    {find: "- peak) - rest", replace: "- peak)"},
    {find: "exp(x[first + c] - peak)", replace: "exp(x[first + c])"},
    {find: "c < length; c += LANES) { sum", replace: "c + 1 < length; c += LANES) { sum"},
    {find: "workgroupBarrier();", replace: ""},
    {find: "exp(y[first + c]) * all", replace: "all"},
    {find: "exp(y[first + c]) * all", replace: "exp(y[first + c])"},
    {find: "c < length; c += LANES) { part", replace: "c + 1 < length; c += LANES) { part"}
  ]
};
