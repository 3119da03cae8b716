import * as cpu from "../../src/kernels/embedding.cpu.js";
import {forward} from "../../src/kernels/embedding.js";
import type {WeightDtype} from "../../src/kernels/weight.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {seeded} from "../support/numbers.js";
import {storedWeight} from "./stored-weight.js";

function embedding(
  dtype: WeightDtype,
  [vocab, width]: readonly [number, number],
  shape: readonly [batch: number, tokens: number]
): KernelCase {
  return {
    name: `${dtype} table [${vocab}, ${width}], tokens [${shape.join(", ")}]`,
    async run(gpu) {
      const count = shape[0] * shape[1];
      const random = seeded(vocab + width);
      const table = storedWeight(gpu, [vocab, width], random(vocab * width), dtype);
      // The last row is always asked for.
      const tokens = Uint32Array.from(random(count), (v, i) =>
        i === 0 ? vocab - 1 : Math.floor(((v + 1) / 2) * vocab)
      );
      const y = forward(gpu, {table: table.weight, tokens: gpu.upload(shape, tokens, "u32")});
      const [actual] = await gpu.read(y);
      const expected = cpu.forward({table: table.values, tokens, width});
      return [{output: "y", actual, expected, rowLength: width}];
    }
  };
}

const pastTheTable: KernelCase = {
  name: "a token past the table reads its last row",
  async run(gpu) {
    const table = storedWeight(gpu, [2, 4], Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), "f32");
    const tokens = gpu.upload([1, 2], Uint32Array.of(2, 2 ** 32 - 1), "u32");
    const [actual] = await gpu.read(forward(gpu, {table: table.weight, tokens}));
    return [{output: "y", actual, expected: [5, 6, 7, 8, 5, 6, 7, 8], rowLength: 4}];
  }
};

export const suite: KernelSuite = {
  op: "embedding",
  cases: [
    embedding("f32", [3, 4], [1, 0]),
    embedding("f32", [1, 1], [1, 1]),
    embedding("f32", [5, 63], [2, 3]),
    embedding("f32", [4, 768], [1, 3]),
    embedding("f16", [4, 64], [2, 2]),
    embedding("f16", [7, 65], [1, 5]),
    embedding("i8", [4, 64], [2, 2]),
    embedding("i8", [7, 66], [1, 5]),
    pastTheTable
  ],
  mutants: [
    {find: "* table_scale(token)", replace: ""},
    {find: "i >= params.count", replace: "i + 1 >= params.count"},
    {
      find: "min(tokens[i / params.columns], params.vocab - 1)",
      replace: "tokens[i / params.columns] % params.vocab"
    },
    {find: "params.vocab - 1", replace: "params.vocab - 2"},
    {find: "column / 4", replace: "column / 8"}
  ]
};
