import {forward} from "../../src/kernels/global-norm.js";
import * as cpu from "../../src/kernels/global-norm.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const norm = (sizes: readonly number[], scale = 1): KernelCase => ({
  name: `of [${sizes.join("], [")}] within ±${scale}`,
  async run(gpu) {
    const random = seeded(sizes.length + 1);
    const tensors = sizes.map((n) => float32(random(n).map((v) => v * scale)));
    const given = tensors.map((x) => upload(gpu, [x.length], x));
    const [actual] = await gpu.read(forward(gpu, given));
    return [{output: "norm", actual, expected: [cpu.forward(tensors)], rowLength: 1}];
  }
});

export const suite: KernelSuite = {
  op: "global-norm",
  cases: [
    norm([]),
    norm([0]),
    norm([1], 1e-6),
    norm([63, 0, 65]),
    norm([4096, 4097, 3, 100]),
    norm([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 1000),
    norm([20000, 5, 9000])
  ],
  mutants: [
    {find: "sqrt(sum)", replace: "sum"},
    {find: "i < end", replace: "i + 1 < end"},
    {find: "params.first + number", replace: "number"},
    {find: "group -= groups;", replace: ""},
    {find: "x1[i] * x1[i]", replace: "x1[i]"},
    {find: "i < params.count; i += LANES", replace: "i + 1 < params.count; i += LANES"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
