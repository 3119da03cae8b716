import * as cpu from "../../src/kernels/positional-embedding.cpu.js";
import {forward} from "../../src/kernels/positional-embedding.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";

const rows = (
  context: number,
  width: number,
  batch: number,
  tokens: number,
  start: number
): KernelCase => ({
  name: `table [${context}, ${width}], batch ${batch}, tokens ${start} to ${start + tokens - 1}`,
  async run(gpu) {
    const table = float32(seeded(context + width)(context * width));
    const y = forward(
      gpu,
      {table: gpu.upload([context, width], Float32Array.from(table))},
      {batch, tokens, start}
    );
    const [actual] = await gpu.read(y);
    const expected = cpu.forward({table, width}, {batch, tokens, start});
    return [{output: "y", actual, expected, rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "positional-embedding",
  cases: [
    rows(4, 3, 1, 0, 0),
    rows(1, 1, 1, 1, 0),
    rows(5, 63, 2, 3, 1),
    rows(3, 65, 3, 3, 0),
    rows(8, 768, 1, 1, 7)
  ],
  mutants: [
    {find: "params.first + ", replace: ""},
    {find: " % params.period", replace: ""},
    {find: "i < params.count", replace: "i + 1 < params.count"}
  ]
};
