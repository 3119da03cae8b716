import {forward} from "../../src/kernels/add.js";
import * as cpu from "../../src/kernels/add.cpu.js";
import type {KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

// No elements; one; around a workgroup; more than 65,535 workgroups' worth is in the folded case.
const shapes = [[0], [1], [63], [64], [65], [2, 3, 768], [65536, 65]] as const;

export const suite: KernelSuite = {
  op: "add",
  cases: shapes.map((shape) => ({
    name: `[${shape.join(", ")}]`,
    async run(gpu) {
      const count = shape.reduce<number>((n, d) => n * d, 1);
      const random = seeded(count + 1);
      const [a, b] = [float32(random(count)), float32(random(count))];
      const y = forward(gpu, {
        a: gpu.upload(shape, Float32Array.from(a)),
        b: gpu.upload(shape, Float32Array.from(b))
      });
      const [actual] = await gpu.read(y);
      return [{output: "y", actual, expected: cpu.forward({a, b}), rowLength: shape.at(-1)!}];
    }
  })),
  mutants: [
    {find: "a[i] + b[i]", replace: "a[i] - b[i]"},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "id.y * n.x * 64", replace: "id.y * n.x"}
  ]
};
