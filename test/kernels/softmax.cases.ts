import {size} from "../../src/gpu/shape.js";
import {backward, forward} from "../../src/kernels/softmax.js";
import * as cpu from "../../src/kernels/softmax.cpu.js";
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

const softmaxCase = (
  name: string,
  shape: readonly number[],
  of: (v: number, i: number) => number
): KernelCase => ({
  name,
  async run(gpu) {
    const width = shape.at(-1)!;
    const x = float32(seeded(size(shape) + 1)(size(shape)).map(of));
    const [actual] = await gpu.read(forward(gpu, {x: upload(gpu, shape, x)}));
    return [{output: "y", actual, expected: cpu.forward({x}, width), rowLength: width}];
  }
});

const backwardCase = (shape: readonly number[]): KernelCase => ({
  name: `backward [${shape.join(", ")}]`,
  async run(gpu) {
    const width = shape.at(-1)!;
    const random = seeded(size(shape) + 1);
    const x = random(size(shape)).map((v, i) => (i % 5 === 3 ? -1e30 : 4 * v));
    const y = float32(cpu.forward({x}, width));
    const dy = float32(random(size(shape)));
    const dx = backward(gpu, {y: upload(gpu, shape, y), dy: upload(gpu, shape, dy)});
    const [actual] = await gpu.read(dx);
    return [{output: "dx", actual, expected: cpu.backward({y, dy}, width), rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "softmax",
  cases: [
    ...shapes.map((shape) => softmaxCase(`[${shape.join(", ")}]`, shape, (v) => 4 * v)),
    softmaxCase("[2, 65], around 10,000", [2, 65], (v) => 10000 + 2 * v),
    softmaxCase("[2, 65], around −10,000", [2, 65], (v) => -10000 + 2 * v),
    softmaxCase("[3, 65], some masked", [3, 65], (v, i) => (i % 65 > i / 65 ? -1e30 : 4 * v)),
    softmaxCase("[2, 768], all masked but one row's last", [2, 768], (_, i) =>
      i === 767 ? 3 : -1e30
    ),
    ...shapes.map(backwardCase)
  ],
  mutants: [
    {find: "exp(v - peak)", replace: "exp(v)"},
    {find: "v > Value(", replace: "v >= Value("},
    {find: "c < length; c += LANES) { y", replace: "c + 1 < length; c += LANES) { y"},
    {find: "sum += y[first + c] * dy", replace: "sum += dy"},
    {find: "dx[first + c] = y[first + c] *", replace: "dx[first + c] ="},
    {find: "(dy[first + c] - mean)", replace: "(dy[first + c])"},
    {find: "let first = row * length", replace: "let first = 0u"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
