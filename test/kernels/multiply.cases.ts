import {size} from "../../src/gpu/shape.js";
import {forward} from "../../src/kernels/multiply.js";
import * as cpu from "../../src/kernels/multiply.cpu.js";
import type {KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const shapes = [[0, 8], [1, 1], [63], [2, 64], [5, 13], [2, 2, 65], [2, 3, 768]] as const;

export const suite: KernelSuite = {
  op: "multiply",
  cases: shapes.map((shape) => ({
    name: `[${shape.join(", ")}]`,
    async run(gpu) {
      const random = seeded(size(shape) + 1);
      const width = shape.at(-1)!;
      const [x, gain] = [float32(random(size(shape))), float32(random(width))];
      const y = forward(gpu, {x: upload(gpu, shape, x), gain: upload(gpu, [width], gain)});
      const [actual] = await gpu.read(y);
      return [{output: "y", actual, expected: cpu.forward({x, gain}), rowLength: width}];
    }
  })),
  mutants: [
    {find: "x[i] * gain", replace: "x[i] + gain"},
    {find: "i % (params.width / PACK)", replace: "i / (params.width / PACK)"},
    {find: "i < params.count / PACK", replace: "i + 1 < params.count / PACK"}
  ]
};
