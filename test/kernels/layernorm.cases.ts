import {rowCount, size} from "../../src/gpu/shape.js";
import {apply, forward} from "../../src/kernels/layernorm.js";
import * as cpu from "../../src/kernels/layernorm.cpu.js";
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

/** Rows around `mean` with a deviation of about `deviation`. */
function inputs(shape: readonly number[], mean = 0, deviation = 0.6) {
  const random = seeded(size(shape) + 1);
  const width = shape.at(-1)!;
  return {
    x: float32(random(size(shape)).map((v) => mean + Math.sqrt(3) * deviation * v)),
    gain: float32(random(width)),
    bias: float32(random(width))
  };
}

const forwardCase = (
  name: string,
  shape: readonly number[],
  mean = 0,
  deviation = 0.6
): KernelCase => ({
  name,
  async run(gpu) {
    const {x, gain, bias} = inputs(shape, mean, deviation);
    const width = shape.at(-1)!;
    const {y, scale} = forward(
      gpu,
      {
        x: upload(gpu, shape, x),
        gain: upload(gpu, [width], gain),
        bias: upload(gpu, [width], bias)
      },
      eps
    );
    const [actualY, actualScale] = await gpu.read(y, scale);
    const expected = cpu.forward({x, gain, bias}, eps);
    return [
      {output: "y", actual: actualY, expected: expected.y, rowLength: width},
      {output: "scale", actual: actualScale, expected: expected.scale, rowLength: 1}
    ];
  }
});

const applyCase = (shape: readonly number[]): KernelCase => ({
  name: `apply [${shape.join(", ")}]`,
  async run(gpu) {
    const {x, gain, bias} = inputs(shape, 3);
    const width = shape.at(-1)!;
    const scale = float32(seeded(7)(rowCount(shape)).map((v) => 2 + v));
    const y = apply(gpu, {
      x: upload(gpu, shape, x),
      scale: upload(gpu, [...shape.slice(0, -1), 1], scale),
      gain: upload(gpu, [width], gain),
      bias: upload(gpu, [width], bias)
    });
    const [actual] = await gpu.read(y);
    const expected = cpu.apply({x, scale, gain, bias});
    return [{output: "y", actual, expected, rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "layernorm",
  cases: [
    ...shapes.map((shape) => forwardCase(`[${shape.join(", ")}]`, shape)),
    forwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    forwardCase("[4, 767], −1000 ± 0.6", [4, 767], -1000),
    forwardCase("[2, 64], 0 ± 0.001", [2, 64], 0, 0.001),
    applyCase([2, 3, 65]),
    applyCase([2, 768])
  ],
  mutants: [
    {find: "square += d * d", replace: "square += d"},
    {find: "let d = x[first + c]", replace: "let d = x[first]"},
    {find: "+ params.eps", replace: ""},
    {find: "- rough) - fine", replace: "- rough)"},
    {find: "let divisor = scale[row];", replace: "let divisor = scale[0];"},
    {find: "+ bias[c]", replace: ""},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
