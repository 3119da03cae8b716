import * as cpu from "../../src/kernels/sample.cpu.js";
import {forward} from "../../src/kernels/sample.js";
import type {Sampling} from "../../src/kernels/sampling.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

const exact = {ofRowMax: 0, ofValue: 0};

const sample = (
  [rows, vocab]: readonly [number, number],
  options: Sampling,
  scale = 3
): KernelCase => ({
  name: `[${rows}, ${vocab}] ${JSON.stringify(options)}`,
  async run(gpu) {
    const logits = float32(seeded(rows + vocab)(rows * vocab).map((v) => v * scale));
    const tokens = forward(
      gpu,
      {logits: gpu.upload([rows, vocab], Float32Array.from(logits))},
      options
    );
    const [actual] = await gpu.read(tokens);
    const expected = cpu.forward({logits, vocab}, options);
    return [{output: "tokens", actual, expected, rowLength: 1, tolerance: exact}];
  }
});

export const suite: KernelSuite = {
  op: "sample",
  cases: [
    sample([0, 5], {temperature: 1, topK: 0, seed: 1, step: 0}),
    sample([1, 1], {temperature: 1, topK: 0, seed: 1, step: 0}),
    sample([3, 65], {temperature: 0, topK: 0, seed: 1, step: 0}),
    sample([100, 63], {temperature: 0.8, topK: 0, seed: 42, step: 7}),
    sample([20, 64], {temperature: 1.5, topK: 5, seed: 2 ** 40 + 3, step: 1}),
    sample([3, 700], {temperature: 1, topK: 64, seed: 5, step: 2 ** 32 - 1}),
    // All equal: of the first ten, by their places.
    sample([8, 513], {temperature: 1, topK: 10, seed: 6, step: 2}, 0)
  ],
  mutants: [
    {find: "logits[i] / params.temperature", replace: "logits[i]"},
    {find: "vec4u(row, params.step, token, 0)", replace: "vec4u(params.step, row, token, 0)"},
    {find: "vec2u(params.low, params.high)", replace: "vec2u(params.low, 0 * params.high)"},
    {find: " && token <= indices[last]", replace: " && token >= indices[last]"},
    {find: "-log(select(", replace: "log(select("}
  ]
};
