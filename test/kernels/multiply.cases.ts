import {size} from "../../src/gpu/shape.js";
import {backward, forward} from "../../src/kernels/multiply.js";
import * as cpu from "../../src/kernels/multiply.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const shapes = [[0, 8], [1, 1], [63], [2, 64], [5, 13], [2, 2, 65], [2, 3, 768]] as const;

const multiply = (shape: readonly number[]): KernelCase => ({
  name: `[${shape.join(", ")}]`,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const width = shape.at(-1)!;
    const [x, gain] = [float32(random(size(shape))), float32(random(width))];
    const y = forward(gpu, {x: upload(gpu, shape, x), gain: upload(gpu, [width], gain)});
    const [actual] = await gpu.read(y);
    return [{output: "y", actual, expected: cpu.forward({x, gain}), rowLength: width}];
  }
});

const gradients = (shape: readonly number[]): KernelCase => ({
  name: `gradients [${shape.join(", ")}]`,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const width = shape.at(-1)!;
    const [x, gain, dy] = [size(shape), width, size(shape)].map((n) => float32(random(n)));
    const inputs = {
      x: upload(gpu, shape, x),
      gain: upload(gpu, [width], gain),
      dy: upload(gpu, shape, dy)
    };
    const d = backward(gpu, inputs, {weights: true});
    const [dx, dgain] = await gpu.read(d.x, d.gain!);
    const expected = cpu.backward({x, gain, dy});
    return [
      {output: "x", actual: dx, expected: expected.x, rowLength: width},
      {output: "gain", actual: dgain, expected: expected.gain, rowLength: width}
    ];
  }
});

export const suite: KernelSuite = {
  op: "multiply",
  cases: [
    ...shapes.map(multiply),
    gradients([0, 8]),
    gradients([1, 1]),
    gradients([5, 13]),
    gradients([4, 8, 64]),
    gradients([3, 11, 65]),
    gradients([100, 24])
  ],
  mutants: [
    {find: "x[i] * gain", replace: "x[i] + gain"},
    {find: "i % (params.width / PACK)", replace: "i / (params.width / PACK)"},
    {find: "i < params.count / PACK", replace: "i + 1 < params.count / PACK"},
    {find: "x[i] * factor[i]", replace: "x[i]"},
    {find: "row < params.rows; row += SHARE", replace: "row + 1 < params.rows; row += SHARE"},
    {find: "half = SHARE / 2", replace: "half = SHARE / 4"},
    {find: "workgroupBarrier();", replace: ""},
    {find: "+ lane % COLUMNS", replace: "+ lane / SHARE"}
  ]
};
