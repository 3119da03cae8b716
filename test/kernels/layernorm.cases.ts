import {rowCount, size} from "../../src/gpu/shape.js";
import type {Gpu} from "../../src/gpu/gpu.js";
import {
  apply,
  applyBackward,
  backward,
  type BackwardInputs,
  forward
} from "../../src/kernels/layernorm.js";
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

const onGpu = (
  gpu: Gpu,
  shape: readonly number[],
  {x, gain, scale, dy}: cpu.BackwardInputs
): BackwardInputs => ({
  x: upload(gpu, shape, x),
  gain: upload(gpu, shape.slice(-1), gain),
  scale: upload(gpu, [...shape.slice(0, -1), 1], scale),
  dy: upload(gpu, shape, dy)
});

const backwardCase = (
  name: string,
  shape: readonly number[],
  mean = 0,
  deviation = 0.6
): KernelCase => ({
  name: `backward ${name}`,
  async run(gpu) {
    const {x, gain, bias} = inputs(shape, mean, deviation);
    const rowLength = shape.at(-1)!;
    const scale = float32(cpu.forward({x, gain, bias}, eps).scale);
    const dy = float32(seeded(11)(size(shape)));
    const d = backward(gpu, onGpu(gpu, shape, {x, gain, scale, dy}), {weights: true});
    const [dx, dgain, dbias] = await gpu.read(d.x, d.gain!, d.bias!);
    const expected = cpu.backward({x, gain, scale, dy});
    return [
      {output: "dx", actual: dx, expected: expected.x, rowLength},
      {output: "dgain", actual: dgain, expected: expected.gain, rowLength},
      {output: "dbias", actual: dbias, expected: expected.bias, rowLength}
    ];
  }
});

const applyBackwardCase = (shape: readonly number[]): KernelCase => ({
  name: `apply backward [${shape.join(", ")}]`,
  async run(gpu) {
    const {x, gain} = inputs(shape, 3);
    const rowLength = shape.at(-1)!;
    const scale = float32(seeded(7)(rowCount(shape)).map((v) => 2 + v));
    const dy = float32(seeded(12)(size(shape)));
    const d = applyBackward(gpu, onGpu(gpu, shape, {x, gain, scale, dy}), {weights: true});
    const [dx, dscale, dgain, dbias] = await gpu.read(d.x, d.scale, d.gain!, d.bias!);
    const expected = cpu.applyBackward({x, gain, scale, dy});
    return [
      {output: "dx", actual: dx, expected: expected.x, rowLength},
      {output: "dscale", actual: dscale, expected: expected.scale, rowLength: 1},
      {output: "dgain", actual: dgain, expected: expected.gain, rowLength},
      {output: "dbias", actual: dbias, expected: expected.bias, rowLength}
    ];
  }
});

/** Half of the gradients, for which no other kernel may run. */
const noWeightsCase: KernelCase = {
  name: "backward, without weights",
  async run(gpu) {
    const {x, gain} = inputs([2, 8]);
    const scale = Float64Array.of(1, 2);
    const dy = float32(seeded(13)(16));
    const before = gpu.stats.dispatches;
    const d = backward(gpu, onGpu(gpu, [2, 8], {x, gain, scale, dy}), {weights: false});
    const dispatches = gpu.stats.dispatches - before;
    const [dx] = await gpu.read(d.x);
    return [
      {output: "dx", actual: dx, expected: cpu.backward({x, gain, scale, dy}).x, rowLength: 8},
      {output: "dispatches", actual: [dispatches], expected: [1], rowLength: 1}
    ];
  }
};

export const suite: KernelSuite = {
  op: "layernorm",
  cases: [
    ...shapes.map((shape) => forwardCase(`[${shape.join(", ")}]`, shape)),
    forwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    forwardCase("[4, 767], −1000 ± 0.6", [4, 767], -1000),
    forwardCase("[2, 64], 0 ± 0.001", [2, 64], 0, 0.001),
    applyCase([2, 3, 65]),
    applyCase([2, 768]),
    ...shapes.map((shape) => backwardCase(`[${shape.join(", ")}]`, shape)),
    backwardCase("[130, 68]", [130, 68]),
    backwardCase("[35, 19]", [35, 19]),
    backwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    backwardCase("[4, 767], −1000 ± 0.6", [4, 767], -1000),
    applyBackwardCase([0, 64]),
    applyBackwardCase([1, 1]),
    applyBackwardCase([2, 3, 65]),
    applyBackwardCase([2, 768]),
    noWeightsCase
  ],
  mutants: [
    {find: "square += d * d", replace: "square += d"},
    {find: "let d = x[first + c]", replace: "let d = x[first]"},
    {find: "+ params.eps", replace: ""},
    {find: "- rough) - fine", replace: "- rough)"},
    {find: "let divisor = scale[row];", replace: "let divisor = scale[0];"},
    {find: "+ bias[c]", replace: ""},
    {find: "let d = dy[first + c] * gain[c]", replace: "let d = dy[first + c]"},
    {find: "- slope - normal", replace: "- normal"},
    {find: "- normal * pull", replace: ""},
    {find: "-pull * f32(params.width)", replace: "-pull"},
    {find: "gain[c] - slope)", replace: "gain[c])"},
    {find: "dscale[row] =", replace: "dscale[0] ="},
    {find: "means[row] = vec2f(rough, fine)", replace: "means[row] = vec2f(rough, 0)"},
    {find: "- means[row].x", replace: "- means[0].x"},
    {find: "dbias_part += dy[i]", replace: "dbias_part = dy[i]"},
    {find: "half >= COLUMNS", replace: "half > COLUMNS"},
    {find: "row += LANES / COLUMNS", replace: "row += LANES"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
