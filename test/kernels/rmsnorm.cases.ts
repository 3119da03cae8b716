import {rowCount, size} from "../../src/gpu/shape.js";
import {apply, applyBackward, backward, forward} from "../../src/kernels/rmsnorm.js";
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

/** A row of one number needs an `eps` to have a gradient that f32 can hold: else y is its sign. */
const backwardCase = (
  name: string,
  shape: readonly number[],
  mean = 0,
  deviation = 0.6
): KernelCase => ({
  name: `backward ${name}`,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const width = shape.at(-1)!;
    const x = float32(random(size(shape)).map((v) => mean + Math.sqrt(3) * deviation * v));
    const gain = float32(random(width));
    const scale = float32(cpu.forward({x, gain}, width === 1 ? 1 : eps).scale);
    const dy = float32(random(size(shape)));
    const d = backward(
      gpu,
      {
        x: upload(gpu, shape, x),
        gain: upload(gpu, [width], gain),
        scale: upload(gpu, [...shape.slice(0, -1), 1], scale),
        dy: upload(gpu, shape, dy)
      },
      {weights: true}
    );
    const [dx, dgain] = await gpu.read(d.x, d.gain!);
    const expected = cpu.backward({x, gain, scale, dy});
    return [
      {output: "dx", actual: dx, expected: expected.x, rowLength: width},
      {output: "dgain", actual: dgain, expected: expected.gain, rowLength: width}
    ];
  }
});

const applyBackwardCase = (shape: readonly number[]): KernelCase => ({
  name: `apply backward [${shape.join(", ")}]`,
  async run(gpu) {
    const random = seeded(4);
    const x = float32(random(size(shape)));
    const scale = float32(random(rowCount(shape)).map((v) => 2 + v));
    const dy = float32(random(size(shape)));
    const d = applyBackward(gpu, {
      x: upload(gpu, shape, x),
      scale: upload(gpu, [...shape.slice(0, -1), 1], scale),
      dy: upload(gpu, shape, dy)
    });
    const [dx, dscale] = await gpu.read(d.x, d.scale);
    const expected = cpu.applyBackward({x, scale, dy});
    return [
      {output: "dx", actual: dx, expected: expected.x, rowLength: shape.at(-1)!},
      {output: "dscale", actual: dscale, expected: expected.scale, rowLength: 1}
    ];
  }
});

/** Of x alone, for which no other kernel may run. */
const noWeightsCase: KernelCase = {
  name: "backward, without weights",
  async run(gpu) {
    const random = seeded(5);
    const [x, dy, gain] = [random(16), random(16), random(8)].map(float32);
    const scale = Float64Array.of(1, 2);
    const before = gpu.stats.dispatches;
    const d = backward(
      gpu,
      {
        x: upload(gpu, [2, 8], x),
        gain: upload(gpu, [8], gain),
        scale: upload(gpu, [2, 1], scale),
        dy: upload(gpu, [2, 8], dy)
      },
      {weights: false}
    );
    const dispatches = gpu.stats.dispatches - before;
    const [dx] = await gpu.read(d.x);
    return [
      {output: "dx", actual: dx, expected: cpu.backward({x, gain, scale, dy}).x, rowLength: 8},
      {output: "dispatches", actual: [dispatches], expected: [1], rowLength: 1}
    ];
  }
};

export const suite: KernelSuite = {
  op: "rmsnorm",
  cases: [
    ...shapes.map((shape) => forwardCase(`[${shape.join(", ")}]`, shape)),
    forwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    forwardCase("[2, 64], 0 ± 0.001", [2, 64], 0, 0.001),
    applyCase([2, 3, 65]),
    applyCase([2, 768]),
    ...shapes.map((shape) => backwardCase(`[${shape.join(", ")}]`, shape)),
    backwardCase("[130, 68]", [130, 68]),
    backwardCase("[35, 19]", [35, 19]),
    backwardCase("[4, 768], 100 ± 0.6", [4, 768], 100),
    applyBackwardCase([0, 64]),
    applyBackwardCase([1, 1]),
    applyBackwardCase([2, 3, 65]),
    applyBackwardCase([2, 768]),
    noWeightsCase
  ],
  mutants: [
    {find: "x[first + c] * x[first + c]", replace: "x[first + c]"},
    {find: "c < length; c += LANES) { square", replace: "c + 1 < length; c += LANES) { square"},
    {find: "+ params.eps", replace: ""},
    {find: "scale[i / (params.width / PACK)]", replace: "scale[0]"},
    {find: "pulls += dy[first + c] * gain[c] * x", replace: "pulls += dy[first + c] * x"},
    {find: "dy[first + c] * gain[c] - x", replace: "dy[first + c] - x"},
    {find: "x[first + c] / divisor * pull", replace: "pull"},
    {find: "pulls += dy[first + c] * x[first + c];", replace: "pulls += dy[first + c];"},
    {find: "-pull / divisor / divisor", replace: "-pull / divisor"},
    {find: "dx[first + c] = dy[first + c] / divisor", replace: "dx[first + c] = dy[first + c]"},
    {find: "(x[i] / scale[row])", replace: "(x[i] / scale[0])"},
    {find: "dgain_part += ", replace: "dgain_part = "},
    {find: "half >= COLUMNS", replace: "half > COLUMNS"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
