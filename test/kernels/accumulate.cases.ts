import {forward} from "../../src/kernels/accumulate.js";
import * as cpu from "../../src/kernels/accumulate.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const accumulate = (sizes: readonly number[], a: number): KernelCase => ({
  name: `${a} times [${sizes.join("], [")}]`,
  async run(gpu) {
    const random = seeded(sizes.length + 1);
    const pairs = sizes.map((n) => ({y: float32(random(n)), x: float32(random(n))}));
    const given = pairs.map(({y, x}) => ({
      y: upload(gpu, [y.length], y),
      x: upload(gpu, [x.length], x)
    }));
    forward(gpu, given, a);
    const actual = await gpu.read(...given.map(({y}) => y));
    return pairs.map((pair, i) => ({
      output: `y${i}`,
      actual: actual[i],
      expected: cpu.forward(pair, a),
      rowLength: pair.y.length
    }));
  }
});

export const suite: KernelSuite = {
  op: "accumulate",
  cases: [
    accumulate([], 1),
    accumulate([0], 1),
    accumulate([1], -2),
    accumulate([63, 64, 65], 0.5),
    accumulate([130, 0, 7, 64, 1, 200], 3)
  ],
  mutants: [
    {find: "params.a * ", replace: ""},
    {find: "i < params.count0", replace: "i + 1 < params.count0"},
    {find: "group -= (params.count0 + 63) / 64", replace: "group -= 0"},
    {find: "+= params.a * x1", replace: "+= params.a * x0"}
  ]
};
