import {expect, it} from "vitest";
import {forward} from "../../src/kernels/gelu.cpu.js";

it("is ½·(1 + tanh(√(2/π)·1.044715)) at 1, and x less that at −1", () => {
  const [zero, one, minusOne] = forward({x: Float64Array.of(0, 1, -1)});
  expect(zero).toBe(0);
  expect(one).toBeCloseTo(0.8411919906, 9);
  expect(minusOne).toBeCloseTo(0.8411919906 - 1, 9);
});
