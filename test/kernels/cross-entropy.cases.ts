import {rowCount, size} from "../../src/gpu/shape.js";
import {forward} from "../../src/kernels/cross-entropy.js";
import * as cpu from "../../src/kernels/cross-entropy.cpu.js";
import type {KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const shapes = [
  [0, 64],
  [1, 2],
  [2, 3, 63],
  [2, 64],
  [70, 65],
  [2, 768],
  [2, 1025],
  [1, 2052]
] as const;

export const suite: KernelSuite = {
  op: "cross-entropy",
  cases: shapes.map((shape) => ({
    name: `[${shape.join(", ")}]`,
    async run(gpu) {
      const vocab = shape.at(-1)!;
      const random = seeded(size(shape) + 1);
      const logits = float32(random(size(shape)).map((v) => 90 + 4 * v));
      const targets = Uint32Array.from(random(rowCount(shape)), (v) => ((v + 1) / 2) * vocab);
      const loss = forward(gpu, {
        logits: upload(gpu, shape, logits),
        targets: gpu.upload(shape.slice(0, -1), targets, "u32")
      });
      const [actual] = await gpu.read(loss);
      const expected = cpu.forward({logits, targets});
      return [{output: "loss", actual, expected, rowLength: expected.length}];
    }
  })),
  mutants: [
    {find: "(peak - hit) + rest", replace: "(peak - hit)"},
    {find: "logits[first + i / PACK]", replace: "logits[first]"},
    {find: "[i % PACK]", replace: "[0]"},
    {find: "c < length; c += LANES) { sum", replace: "c + 1 < length; c += LANES) { sum"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
