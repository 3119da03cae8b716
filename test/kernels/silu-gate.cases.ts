import * as cpu from "../../src/kernels/silu-gate.cpu.js";
import {forward} from "../../src/kernels/silu-gate.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

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

export const suite: KernelSuite = {
  op: "silu-gate",
  cases: [
    siluGate([0], 1),
    siluGate([1], 1),
    siluGate([63], 8),
    siluGate([64], 8),
    siluGate([65], 1000),
    siluGate([2, 3, 768], 8)
  ],
  mutants: [
    {find: "silu(gate[i]) * up[i]", replace: "silu(gate[i]) + up[i]"},
    {find: "silu(gate[i])", replace: "silu(up[i])"},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "-80, 80", replace: "-2, 2"}
  ]
};
