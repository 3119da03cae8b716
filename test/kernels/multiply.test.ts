import {expect, it} from "vitest";
import {backward as backwardOnGpu, forward as forwardOnGpu} from "../../src/kernels/multiply.js";
import {backward, forward} from "../../src/kernels/multiply.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("multiplies each row by the gain", () =>
  expect(forward({x: Float64Array.of(1, 2, 3, 4), gain: Float64Array.of(10, -1)})).toEqual(
    Float64Array.of(10, -2, 30, -4)
  ));

it("says which gain it needs", () =>
  expect(() => forwardOnGpu(noGpu, {x: shaped(2, 3), gain: shaped(3, 1)})).toThrow(
    "multiply: gain must be [3] to match the last axis of x, got [3, 1]"
  ));

it("sums the gradient of the gain over the rows", () =>
  expect(
    backward({
      x: Float64Array.of(1, 2, 3, 4),
      gain: Float64Array.of(10, -1),
      dy: Float64Array.of(1, 1, 2, -1)
    })
  ).toEqual({x: Float64Array.of(10, -1, 20, 1), gain: Float64Array.of(7, -2)}));

it("has the gradients that finite differences find", () => {
  const random = seeded(1);
  const [x, gain, dy] = [random(12), random(3), random(12)];
  const d = backward({x, gain, dy});
  expect(misses(d.x, x, (x) => inner(forward({x, gain}), dy))).toBeNull();
  expect(misses(d.gain, gain, (gain) => inner(forward({x, gain}), dy))).toBeNull();
});

it("says which dy it needs", () =>
  expect(() =>
    backwardOnGpu(noGpu, {x: shaped(2, 3), gain: shaped(3), dy: shaped(3)}, {weights: true})
  ).toThrow("multiply: dy must be [2, 3] to match x, got [3]"));
