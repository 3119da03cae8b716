import {rowCount, size} from "../../src/gpu/shape.js";
import {backward, forward} from "../../src/kernels/cross-entropy.js";
import * as cpu from "../../src/kernels/cross-entropy.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
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

function inputs(shape: readonly number[]) {
  const vocab = shape.at(-1)!;
  const random = seeded(size(shape) + 1);
  return {
    logits: float32(random(size(shape)).map((v) => 90 + 4 * v)),
    targets: Uint32Array.from(random(rowCount(shape)), (v) => ((v + 1) / 2) * vocab),
    dloss: float32(random(rowCount(shape)))
  };
}

const loss = (shape: readonly number[]): KernelCase => ({
  name: `[${shape.join(", ")}]`,
  async run(gpu) {
    const {logits, targets} = inputs(shape);
    const loss = forward(gpu, {
      logits: upload(gpu, shape, logits),
      targets: gpu.upload(shape.slice(0, -1), targets, "u32")
    });
    const [actual] = await gpu.read(loss);
    const expected = cpu.forward({logits, targets});
    return [{output: "loss", actual, expected, rowLength: expected.length}];
  }
});

/** `certain` is added to the logit of each target. */
const gradient = (shape: readonly number[], certain = 0): KernelCase => ({
  name: `gradient [${shape.join(", ")}]${certain ? `, targets ahead by ${certain}` : ""}`,
  async run(gpu) {
    const vocab = shape.at(-1)!;
    const {logits, targets, dloss} = inputs(shape);
    targets.forEach((target, row) => (logits[row * vocab + target] += certain));
    const rows = shape.slice(0, -1);
    const dlogits = backward(gpu, {
      logits: upload(gpu, shape, float32(logits)),
      targets: gpu.upload(rows, targets, "u32"),
      dloss: upload(gpu, rows, dloss)
    });
    const [actual] = await gpu.read(dlogits);
    const expected = cpu.backward({logits: float32(logits), targets, dloss});
    return [{output: "dlogits", actual, expected, rowLength: vocab}];
  }
});

export const suite: KernelSuite = {
  op: "cross-entropy",
  cases: [
    ...shapes.map(loss),
    ...shapes.map((shape) => gradient(shape)),
    gradient([3, 64], 16),
    gradient([3, 65], 16)
  ],
  mutants: [
    {find: "(peak - hit) + rest", replace: "(peak - hit)"},
    {find: "logits[first + i / PACK]", replace: "logits[first]"},
    {find: "[i % PACK]", replace: "[0]"},
    {find: "c < length; c += LANES) { sum", replace: "c + 1 < length; c += LANES) { sum"},
    {find: "workgroupBarrier();", replace: ""},
    {find: "dloss[row] / (rest + right)", replace: "dloss[row] / rest"},
    {find: "dloss[row] /", replace: "1 /"},
    {find: "= -rest", replace: "= right"},
    {find: "others += e", replace: "others = e"},
    {find: "[targets[row] % PACK]", replace: "[0]"}
  ]
};
