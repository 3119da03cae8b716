import {expect, it} from "vitest";
import {backward, forward} from "../../src/kernels/gelu.cpu.js";
import * as kernel from "../../src/kernels/gelu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("is ½·(1 + tanh(√(2/π)·1.044715)) at 1, and x less that at −1", () => {
  const [zero, one, minusOne] = forward({x: Float64Array.of(0, 1, -1)});
  expect(zero).toBe(0);
  expect(one).toBeCloseTo(0.8411919906, 9);
  expect(minusOne).toBeCloseTo(0.8411919906 - 1, 9);
});

it("has half the gradient at 0, and all of it far to the right", () =>
  expect([...backward({x: Float64Array.of(0, 30), dy: Float64Array.of(3, 3)})]).toEqual([1.5, 3]));

it("has the gradient that finite differences find", () => {
  const random = seeded(1);
  const [x, dy] = [random(40).map((v) => 4 * v), random(40)];
  expect(misses(backward({x, dy}), x, (x) => inner(forward({x}), dy))).toBeNull();
});

it("says which dy it needs", () =>
  expect(() => kernel.backward(noGpu, {x: shaped(2, 3), dy: shaped(3, 2)})).toThrow(
    "gelu: dy must be [2, 3] to match x, got [3, 2]"
  ));
