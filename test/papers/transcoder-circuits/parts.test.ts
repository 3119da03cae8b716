import {expect, it} from "vitest";
import {best, partScores, writtenBy} from "../../../src/papers/transcoder-circuits/parts.js";
import {spearman} from "../../../src/papers/transcoder-circuits/spearman.js";

// two prompts, three parts, width two; the means are 2, 1, 4
const parts = {
  values: {shape: [2, 3], data: Float32Array.of(1, 2, 4, 3, 0, 4)},
  vectors: {shape: [3, 2], data: Float32Array.of(1, 0, 0, 2, 5, 5)},
  bias: {shape: [2], data: Float32Array.of(10, 20)}
};
const gradients = {shape: [2, 2], data: Float32Array.of(-1, 0, 1, -1)};

it("scores a part by how its value moves what is asked for with its prompt", () => {
  // part 0: (1−2)(−1) and (3−2)(1); part 1: (2−1)·0 and (0−1)(−2); part 2 never moves
  expect([...partScores(parts, gradients)]).toEqual([1, 1, 0]);
});

it("takes the largest scores first", () => {
  expect(best(Float64Array.of(0.5, -3, 2, 1), 2)).toEqual([2, 3]);
});

it("writes the means of all parts but those that are kept", () => {
  // the means write 10 + 2 + 20 and 20 + 2 + 20
  expect([...writtenBy(parts, [])]).toEqual([32, 42, 32, 42]);
  expect([...writtenBy(parts, [0])]).toEqual([31, 42, 33, 42]);
  // all parts: 10 + 1 + 20, 20 + 4 + 20; 10 + 3 + 20, 20 + 0 + 20
  expect([...writtenBy(parts, [0, 1, 2])]).toEqual([31, 44, 33, 40]);
});

it("correlates ranks: 1 in the same order, −1 in the opposite, equal values between", () => {
  expect(spearman([1, 2, 3, 4], [10, 20, 25, 900])).toBe(1);
  expect(spearman([1, 2, 3], [3, 2, 1])).toBe(-1);
  // ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: 4.5 / √(4.5 · 5)
  expect(spearman([1, 2, 2, 3], [1, 2, 3, 4])).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
});
