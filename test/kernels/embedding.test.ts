import {describe, expect, it} from "vitest";
import type {Tensor} from "../../src/gpu/tensor.js";
import {backward as backwardOnGpu} from "../../src/kernels/embedding.js";
import {backward, forward} from "../../src/kernels/embedding.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("takes the row of each token", () =>
  expect(forward({table: Float64Array.of(1, 2, 3, 4, 5, 6), tokens: [2, 0, 2], width: 2})).toEqual(
    Float64Array.of(5, 6, 1, 2, 5, 6)
  ));

it("sums what comes back to each row, from left to right, and leaves the others zero", () =>
  expect(
    backward({tokens: [2, 0, 2], dy: Float64Array.of(1, 2, 3, 4, 50, 60), width: 2}, 4)
  ).toEqual(Float64Array.of(3, 4, 0, 0, 51, 62, 0, 0)));

it("has the gradient that finite differences find", () => {
  const random = seeded(1);
  const [table, dy, tokens] = [random(12), random(15), [1, 3, 1, 0, 1]];
  const dtable = backward({tokens, dy, width: 3}, 4);
  expect(
    misses(dtable, table, (table) => inner(forward({table, tokens, width: 3}), dy))
  ).toBeNull();
});

describe("errors", () => {
  const tokens: Tensor = {...shaped(1, 2), dtype: "u32"};

  it("says which dy it needs", () =>
    expect(() => backwardOnGpu(noGpu, {tokens, dy: shaped(1, 3, 4)}, 5)).toThrow(
      "embedding: dy must be [1, 2, 4] for each of tokens, got [1, 3, 4]"
    ));

  it("says that tokens are u32", () =>
    expect(() => backwardOnGpu(noGpu, {tokens: shaped(1, 2), dy: shaped(1, 2, 4)}, 5)).toThrow(
      "embedding: tokens must be u32 to be used as indices, got f32"
    ));
});
