import {describe, expect, it} from "vitest";
import {backward as backwardOnGpu, forward as forwardOnGpu} from "../../src/kernels/edit.js";
import {backward, forward} from "../../src/kernels/edit.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

describe("edit", () => {
  const inputs = {
    x: Float64Array.of(1, 2, 3, 4, 5, 6),
    rowOf: Uint32Array.of(2, 0, 1),
    values: Float64Array.of(10, 20, 30, 40)
  };

  it.each([
    ["replace", [30, 40, 3, 4, 10, 20]],
    ["add", [31, 42, 3, 4, 15, 26]],
    ["scale", [30, 80, 3, 4, 50, 120]]
  ] as const)("can %s the rows that are named", (op, expected) =>
    expect([...forward(inputs, op)]).toEqual(expected)
  );

  const tensors = {
    x: shaped(2, 3, 4),
    rowOf: {...shaped(6), dtype: "u32"},
    values: shaped(1, 4)
  } as const;

  it("says which rowOf it needs", () =>
    expect(() => forwardOnGpu(noGpu, {...tensors, rowOf: shaped(2)}, "add")).toThrow(
      "edit: rowOf must be [6] for each row of x, got [2]"
    ));

  it("says that rowOf is u32", () =>
    expect(() => forwardOnGpu(noGpu, {...tensors, rowOf: shaped(6)}, "add")).toThrow(
      "edit: rowOf must be u32 to be used as indices, got f32"
    ));

  it("says which values it needs", () =>
    expect(() => forwardOnGpu(noGpu, {...tensors, values: shaped(1, 3)}, "add")).toThrow(
      "edit: values must be [1, 4] to match the last axis of x, got [1, 3]"
    ));
});

describe("the gradient of an edit", () => {
  const rowOf = Uint32Array.of(2, 0, 1);
  const values = Float64Array.of(10, 20, 30, 40);
  const dy = Float64Array.of(1, 2, 3, 4, 5, 6);

  it.each([
    ["replace", [0, 0, 3, 4, 0, 0]],
    ["add", [1, 2, 3, 4, 5, 6]],
    ["scale", [30, 80, 3, 4, 50, 120]]
  ] as const)("goes back through %s", (op, expected) => {
    const dx = backward({rowOf, values, dy}, op);
    expect([...dx]).toEqual(expected);
    const x = seeded(1)(6);
    expect(misses(dx, x, (x) => inner(forward({x, rowOf, values}, op), dy))).toBeNull();
  });

  it("says which values it needs", () => {
    const given = {rowOf: {...shaped(6), dtype: "u32"}, values: shaped(1, 3)} as const;
    expect(() => backwardOnGpu(noGpu, {...given, dy: shaped(2, 3, 4)}, "scale")).toThrow(
      "edit: values must be [1, 4] to match the last axis of dy, got [1, 3]"
    );
  });
});
