import {rowCount, size} from "../../src/gpu/shape.js";
import {apply, forward} from "../../src/kernels/rmsnorm.js";
import * as cpu from "../../src/kernels/rmsnorm.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const shapes = [
  [0, 64],
  [1, 1],
  [2, 3, 63],
  [2, 64],
  [3, 65],
  [2, 5, 7],
  [2, 768]
] as const;
const eps = 1e-5;

const forwardCase = (
  name: string,
  shape: readonly number[],
  mean = 0,
  deviation = 0.6
): KernelCase => ({
  name,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const width = shape.at(-1)!;
    const x = float32(random(size(shape)).map((v) => mean + Math.sqrt(3) * deviation * v));
    const gain = float32(random(width));
    const {y, scale} = forward(
      gpu,
      {x: upload(gpu, shape, x), gain: upload(gpu, [width], gain)},
      eps
    );
    const [actualY, actualScale] = await gpu.read(y, scale);
    const expected = cpu.forward({x, gain}, eps);
    return [
      {output: "y", actual: actualY, expected: expected.y, rowLength: width},
      {output: "scale", actual: actualScale, expected: expected.scale, rowLength: 1}
    ];
  }
});

const applyCase = (shape: readonly number[]): KernelCase => ({
  name: `apply [${shape.join(", ")}]`,
  async run(gpu) {
    const random = seeded(3);
    const x = float32(random(size(shape)));
    const scale = float32(random(rowCount(shape)).map((v) => 2 + v));
    const y = apply(gpu, {
      x: upload(gpu, shape, x),
      scale: upload(gpu, [...shape.slice(0, -1), 1], scale)
    });
    const [actual] = await gpu.read(y);
    return [
      {output: "y", actual, expected: cpu.apply({x, scale}), rowLength: Math.max(1, shape.at(-1)!)}
    ];
  }
});

export const suite: KernelSuite = {
  op: "rmsnorm",
  cases: [
    ...shapes.map((shape) => forwardCase(`[${shape.join(", ")}]`, shape)),
    forwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    forwardCase("[2, 64], 0 ± 0.001", [2, 64], 0, 0.001),
    applyCase([2, 3, 65]),
    applyCase([2, 768])
  ],
  mutants: [
    {find: "x[first + c] * x[first + c]", replace: "x[first + c]"},
    {find: "c < length; c += LANES) { square", replace: "c + 1 < length; c += LANES) { square"},
    {find: "+ params.eps", replace: ""},
    {find: "scale[i / (params.width / PACK)]", replace: "scale[0]"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
