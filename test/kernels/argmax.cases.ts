import * as cpu from "../../src/kernels/argmax.cpu.js";
import {forward} from "../../src/kernels/argmax.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

const exact = {ofRowMax: 0, ofValue: 0};

/** @param levels Values are rounded to so many levels, which makes ties. */
const argmax = (shape: readonly number[], levels: number, offset = 0): KernelCase => ({
  name: `[${shape.join(", ")}], ${levels} levels${offset === 0 ? "" : ` from ${offset}`}`,
  async run(gpu) {
    const count = shape.reduce((n, d) => n * d, 1);
    const columns = shape.at(-1)!;
    const x = float32(
      seeded(count + 1)(count).map((v) => offset + Math.floor(v * levels) / levels)
    );
    const [actual] = await gpu.read(forward(gpu, {x: gpu.upload(shape, Float32Array.from(x))}));
    const expected = cpu.forward({x, columns});
    return [{output: "indices", actual, expected, rowLength: 1, tolerance: exact}];
  }
});

/** The largest value stands last, in a chunk of its own. */
const lastOfMany: KernelCase = {
  name: "the last of 8193",
  async run(gpu) {
    const x = gpu.upload(
      [1, 8193],
      Float32Array.from({length: 8193}, (_, i) => i)
    );
    const [actual] = await gpu.read(forward(gpu, {x}));
    return [{output: "indices", actual, expected: [8192], rowLength: 1, tolerance: exact}];
  }
};

export const suite: KernelSuite = {
  op: "argmax",
  cases: [
    argmax([0, 5], 1000),
    argmax([1, 1], 1000),
    argmax([2, 3, 63], 4),
    argmax([3, 256], 1),
    argmax([3, 257], 1e6, -1e6),
    argmax([4, 768], 1e6),
    argmax([3, 8193], 2),
    lastOfMany
  ],
  mutants: [
    {find: "bestValue[other] > bestValue[lane]", replace: "bestValue[other] < bestValue[lane]"},
    {find: "tied && bestIndex[other] < bestIndex[lane]", replace: "tied"},
    {find: "v > value ||", replace: "v >= value ||"},
    {find: "names[start + column]", replace: "column"},
    {find: "half = LANES / 2", replace: "half = LANES / 4"}
  ]
};
