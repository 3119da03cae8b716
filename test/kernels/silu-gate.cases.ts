import {size} from "../../src/gpu/shape.js";
import * as cpu from "../../src/kernels/silu-gate.cpu.js";
import {backward, forward} from "../../src/kernels/silu-gate.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const siluGate = (shape: readonly number[], scale: number): KernelCase => ({
  name: `[${shape.join(", ")}] within ±${scale}`,
  async run(gpu) {
    const count = shape.reduce((n, d) => n * d, 1);
    const random = seeded(count + 1);
    const gate = float32(random(count).map((v) => v * scale));
    const up = float32(random(count));
    const y = forward(gpu, {
      gate: gpu.upload(shape, Float32Array.from(gate)),
      up: gpu.upload(shape, Float32Array.from(up))
    });
    const [actual] = await gpu.read(y);
    return [{output: "y", actual, expected: cpu.forward({gate, up}), rowLength: shape.at(-1)!}];
  }
});

const gradients = (shape: readonly number[], scale: number): KernelCase => ({
  name: `gradients [${shape.join(", ")}] within ±${scale}`,
  async run(gpu) {
    const random = seeded(size(shape) + 1);
    const gate = float32(random(size(shape)).map((v) => v * scale));
    const [up, dy] = [float32(random(size(shape))), float32(random(size(shape)))];
    const d = backward(gpu, {
      gate: upload(gpu, shape, gate),
      up: upload(gpu, shape, up),
      dy: upload(gpu, shape, dy)
    });
    const [dgate, dup] = await gpu.read(d.gate, d.up);
    const expected = cpu.backward({gate, up, dy});
    const rowLength = shape.at(-1)!;
    return [
      {output: "gate", actual: dgate, expected: expected.gate, rowLength},
      {output: "up", actual: dup, expected: expected.up, rowLength}
    ];
  }
});

export const suite: KernelSuite = {
  op: "silu-gate",
  cases: [
    siluGate([0], 1),
    siluGate([1], 1),
    siluGate([63], 8),
    siluGate([64], 8),
    siluGate([65], 1000),
    siluGate([2, 3, 768], 8),
    gradients([0], 1),
    gradients([1], 1),
    gradients([63], 8),
    gradients([65], 1000),
    gradients([2, 3, 768], 8)
  ],
  mutants: [
    {find: "silu(gate[i]) * up[i]", replace: "silu(gate[i]) + up[i]"},
    {find: "silu(gate[i])", replace: "silu(up[i])"},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "-80, 80", replace: "-2, 2"},
    {find: "return s + x * (e * s * s)", replace: "return s"},
    {find: "dy[i] * up[i] * silu_slope", replace: "dy[i] * silu_slope"},
    {find: "dup[i] = dy[i] * silu(gate[i])", replace: "dup[i] = dy[i] * gate[i]"},
    {find: "i >= params.count", replace: "i + 1 >= params.count"}
  ]
};
