import {rowCount, size} from "../../src/gpu/shape.js";
import {backward, forward, type Op} from "../../src/kernels/edit.js";
import * as cpu from "../../src/kernels/edit.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

/** Edits every `every`-th row, in descending order of values, and looks at x afterwards too. */
const editCase = (shape: readonly number[], op: Op, every: number): KernelCase => ({
  name: `${op} [${shape.join(", ")}], every ${every} rows`,
  async run(gpu) {
    const channels = shape.at(-1)!;
    const rows = rowCount(shape);
    const edits = Math.ceil(rows / every);
    const random = seeded(size(shape) + 1);
    const x = float32(random(size(shape)));
    const values = float32(random(edits * channels));
    const rowOf = Uint32Array.from({length: rows}, (_, row) =>
      row % every === 0 ? edits - row / every : 0
    );
    const before = upload(gpu, shape, x);
    const y = forward(
      gpu,
      {
        x: before,
        rowOf: gpu.upload([rows], rowOf, "u32"),
        values: upload(gpu, [edits, channels], values)
      },
      op
    );
    const [actual, after] = await gpu.read(y, before);
    return [
      {output: "y", actual, expected: cpu.forward({x, rowOf, values}, op), rowLength: channels},
      {output: "x", actual: after, expected: x, rowLength: channels}
    ];
  }
});

const gradient = (shape: readonly number[], op: Op, every: number): KernelCase => ({
  name: `gradient of ${op} [${shape.join(", ")}], every ${every} rows`,
  async run(gpu) {
    const channels = shape.at(-1)!;
    const rows = rowCount(shape);
    const edits = Math.ceil(rows / every);
    const random = seeded(size(shape) + 1);
    const dy = float32(random(size(shape)));
    const values = float32(random(edits * channels));
    const rowOf = Uint32Array.from({length: rows}, (_, row) =>
      row % every === 0 ? edits - row / every : 0
    );
    const dx = backward(
      gpu,
      {
        rowOf: gpu.upload([rows], rowOf, "u32"),
        values: upload(gpu, [edits, channels], values),
        dy: upload(gpu, shape, dy)
      },
      op
    );
    const [actual] = await gpu.read(dx);
    const expected = cpu.backward({rowOf, values, dy}, op);
    return [{output: "dx", actual, expected, rowLength: channels}];
  }
});

export const suite: KernelSuite = {
  op: "edit",
  cases: [
    editCase([0, 8], "replace", 1),
    editCase([1, 1], "add", 1),
    editCase([2, 3, 65], "replace", 2),
    editCase([2, 3, 65], "add", 4),
    editCase([2, 3, 65], "scale", 1),
    editCase([63, 4], "scale", 3),
    editCase([5, 768], "add", 2),
    editCase([5, 768], "replace", 9),
    gradient([0, 8], "scale", 1),
    gradient([1, 1], "replace", 1),
    gradient([2, 3, 65], "replace", 2),
    gradient([2, 3, 65], "add", 4),
    gradient([2, 3, 65], "scale", 2),
    gradient([5, 768], "scale", 2),
    gradient([63, 4], "replace", 3)
  ],
  mutants: [
    {find: "(row - 1)", replace: "row"},
    {find: "if (row == 0)", replace: "if (row <= 1)"},
    {find: "x[i] + v", replace: "v"},
    {find: "x[i] * v", replace: "v"},
    {find: "i >= params.count / PACK", replace: "i + 1 >= params.count / PACK"},
    {find: "dy[i] * values[(row - 1)", replace: "values[(row - 1)"},
    {find: "dx[i] = Value(0)", replace: "dx[i] = dy[i]"},
    {find: "dx[i] = dy[i];\n  } else", replace: "dx[i] = Value(0);\n  } else"}
  ]
};
