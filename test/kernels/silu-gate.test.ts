import {expect, it} from "vitest";
import {backward, forward} from "../../src/kernels/silu-gate.cpu.js";
import * as kernel from "../../src/kernels/silu-gate.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("multiplies g / (1 + e^−g) by up", () => {
  const y = forward({gate: Float64Array.of(0, 1, -1), up: Float64Array.of(5, 2, 1)});
  expect(y[0]).toBe(0);
  expect(y[1]).toBeCloseTo(2 * 0.7310585786, 9);
  expect(y[2]).toBeCloseTo(-0.2689414214, 9);
});

it("says what up must be", () =>
  expect(() => kernel.forward(noGpu, {gate: shaped(2, 3), up: shaped(3, 2)})).toThrow(
    "silu-gate: up must be [2, 3] to match gate, got [3, 2]"
  ));

it("passes half of dy · up to a gate at 0, and nothing to its up", () =>
  expect(
    backward({gate: Float64Array.of(0), up: Float64Array.of(6), dy: Float64Array.of(2)})
  ).toEqual({gate: Float64Array.of(6), up: Float64Array.of(0)}));

it("has the gradients that finite differences find", () => {
  const random = seeded(1);
  const [gate, up, dy] = [random(40).map((v) => 5 * v), random(40), random(40)];
  const d = backward({gate, up, dy});
  expect(misses(d.gate, gate, (gate) => inner(forward({gate, up}), dy))).toBeNull();
  expect(misses(d.up, up, (up) => inner(forward({gate, up}), dy))).toBeNull();
});

it("says what dy must be", () =>
  expect(() =>
    kernel.backward(noGpu, {gate: shaped(2, 3), up: shaped(2, 3), dy: shaped(6)})
  ).toThrow("silu-gate: dy must be [2, 3] to match gate, got [6]"));
