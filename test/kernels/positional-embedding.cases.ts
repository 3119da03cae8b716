import * as cpu from "../../src/kernels/positional-embedding.cpu.js";
import {backward, forward} from "../../src/kernels/positional-embedding.js";
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

const gradient = (
  context: number,
  width: number,
  batch: number,
  tokens: number,
  start: number
): KernelCase => ({
  name: `gradient of table [${context}, ${width}], batch ${batch}, tokens ${start} to ${start + tokens - 1}`,
  async run(gpu) {
    const dy = float32(seeded(context + width)(batch * tokens * width));
    const given = gpu.upload([batch, tokens, width], Float32Array.from(dy));
    const [actual] = await gpu.read(backward(gpu, {dy: given}, {context, start}));
    const expected = cpu.backward({dy, width}, {batch, tokens, start, context});
    return [{output: "dtable", actual, expected, rowLength: width}];
  }
});

export const suite: KernelSuite = {
  op: "positional-embedding",
  cases: [
    rows(4, 3, 1, 0, 0),
    rows(1, 1, 1, 1, 0),
    rows(5, 63, 2, 3, 1),
    rows(3, 65, 3, 3, 0),
    rows(8, 768, 1, 1, 7),
    gradient(4, 3, 1, 0, 0),
    gradient(1, 1, 1, 1, 0),
    gradient(5, 63, 2, 3, 1),
    gradient(3, 65, 3, 3, 0),
    gradient(8, 768, 4, 2, 5)
  ],
  mutants: [
    {find: "params.first + ", replace: ""},
    {find: " % params.period", replace: ""},
    {find: "i < params.count", replace: "i + 1 < params.count"},
    {find: "b * params.period + i - params.first", replace: "b * params.period + i"},
    {find: "b < params.batch", replace: "b + 1 < params.batch"},
    {find: "i < params.first + params.period", replace: "true"},
    {find: "i >= params.count", replace: "i + 1 >= params.count"}
  ]
};
