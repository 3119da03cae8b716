import {size} from "../../src/gpu/shape.js";
import {forward} from "../../src/kernels/kv-append.js";
import * as cpu from "../../src/kernels/kv-append.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

/** Appends `tokens` to a cache that holds other values already: what is not written must stay. */
const appendCase = (
  cacheShape: readonly [number, number, number, number],
  tokens: number,
  start: number
): KernelCase => ({
  name: `${tokens} at ${start} of [${cacheShape.join(", ")}]`,
  async run(gpu) {
    const [batch, keys, kvHeads, headWidth] = cacheShape;
    const shape = [batch, tokens, kvHeads, headWidth];
    const random = seeded(size(cacheShape) + tokens);
    const expected = float32(random(size(cacheShape)));
    const x = float32(random(size(shape)));
    const cache = upload(gpu, cacheShape, expected);
    forward(gpu, {cache, x: upload(gpu, shape, x)}, {start});
    const [actual] = await gpu.read(cache);
    cpu.forward({cache: expected, x}, {batch, keys, tokens, start});
    return [{output: "cache", actual, expected, rowLength: headWidth}];
  }
});

export const suite: KernelSuite = {
  op: "kv-append",
  cases: [
    appendCase([1, 4, 2, 8], 0, 2),
    appendCase([1, 1, 1, 1], 1, 0),
    appendCase([2, 7, 3, 5], 2, 5),
    appendCase([3, 9, 2, 6], 3, 4),
    appendCase([2, 16, 4, 16], 1, 15),
    appendCase([2, 65, 1, 64], 64, 1)
  ],
  mutants: [
    {find: "+ params.offset)", replace: ")"},
    {find: "sequence * params.room", replace: "sequence * params.length"},
    {find: "i >= params.count / PACK", replace: "i + 1 >= params.count / PACK"}
  ]
};
