import {backward, forward} from "../../src/kernels/attention-mix.js";
import * as cpu from "../../src/kernels/attention-mix.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";
import {attentionInputs, axes, type Axes, kvShape, qShape} from "./attention-inputs.js";

/** A pattern of any numbers: not causal, and rows that do not sum to 1. */
const mixCase = (of: Axes): KernelCase => {
  const {batch, tokens, heads, headWidth, start} = of;
  const positions = start + tokens;
  const shape = [batch, heads, tokens, positions];
  return {
    name: `pattern [${shape.join(", ")}], v [${kvShape(of).join(", ")}]`,
    async run(gpu) {
      const {v} = attentionInputs(of);
      const pattern = float32(seeded(tokens + 1)(batch * heads * tokens * positions));
      const z = forward(gpu, {
        pattern: upload(gpu, shape, pattern),
        v: upload(gpu, kvShape(of), v)
      });
      const [actual] = await gpu.read(z);
      const expected = cpu.forward({pattern, v}, {...of, positions});
      return [{output: "z", actual, expected, rowLength: headWidth}];
    }
  };
};

const backwardCase = (of: Axes): KernelCase => {
  const {batch, tokens, heads, headWidth, start} = of;
  const positions = start + tokens;
  const shape = [batch, heads, tokens, positions];
  return {
    name: `backward, pattern [${shape.join(", ")}], v [${kvShape(of).join(", ")}]`,
    async run(gpu) {
      const {q, v} = attentionInputs(of);
      const pattern = float32(seeded(tokens + 1)(batch * heads * tokens * positions));
      const d = backward(gpu, {
        pattern: upload(gpu, shape, pattern),
        v: upload(gpu, kvShape(of), v),
        dz: upload(gpu, qShape(of), q)
      });
      const [dpattern, dv] = await gpu.read(d.pattern, d.v);
      const expected = cpu.backward({pattern, v, dz: q}, {...of, positions});
      return [
        {output: "dpattern", actual: dpattern, expected: expected.pattern, rowLength: positions},
        {output: "dv", actual: dv, expected: expected.v, rowLength: headWidth}
      ];
    }
  };
};

const shapes = [
  axes([1, 0, 2, 16], [4, 2], 0),
  axes([1, 1, 1, 1], [1, 1], 0),
  axes([2, 5, 2, 5], [9, 1], 2),
  axes([2, 33, 4, 16], [33, 2], 0),
  axes([1, 65, 2, 64], [65, 2], 0),
  axes([1, 3, 3, 80], [70, 1], 63),
  axes([1, 34, 2, 128], [99, 2], 63)
];

export const suite: KernelSuite = {
  op: "attention-mix",
  cases: [...shapes.map(mixCase), ...shapes.map(backwardCase)],
  mutants: [
    {find: "first + key < visible", replace: "first + key + 1 < visible"},
    {find: "head / (params.heads / params.kvHeads)", replace: "0u"},
    {find: "tile + query)", replace: "query)"},
    {find: "first < visible; first += TILE", replace: "first < TILE; first += TILE"},
    {find: "key < params.positions &&", replace: "key + 1 < params.positions &&"},
    {find: "(group + 1) * sharing", replace: "group * sharing + 1"},
    {find: "first < params.tokens; first += TILE", replace: "first < TILE; first += TILE"},
    {find: "if (tile < params.positions)", replace: "if (tile + TILE < params.positions)"},
    {find: "first < params.start + tile", replace: "first < tile"},
    {find: "workgroupBarrier();", replace: ""}
  ]
};
