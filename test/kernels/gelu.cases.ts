import * as cpu from "../../src/kernels/gelu.cpu.js";
import {forward} from "../../src/kernels/gelu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

const gelu = (shape: readonly number[], scale: number): KernelCase => ({
  name: `[${shape.join(", ")}] within ±${scale}`,
  async run(gpu) {
    const count = shape.reduce((n, d) => n * d, 1);
    const x = float32(seeded(count + 1)(count).map((v) => v * scale));
    const [actual] = await gpu.read(forward(gpu, {x: gpu.upload(shape, Float32Array.from(x))}));
    return [{output: "y", actual, expected: cpu.forward({x}), rowLength: shape.at(-1)!}];
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
    gelu([2, 3, 768], 6)
  ],
  mutants: [
    {find: "0.044715 * x * x * x", replace: "0.044715 * x * x"},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "-80, 80", replace: "-2, 2"}
  ]
};
