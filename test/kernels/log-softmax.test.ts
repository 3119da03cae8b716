import {expect, it} from "vitest";
import {backward as backwardOnGpu} from "../../src/kernels/log-softmax.js";
import {backward, forward} from "../../src/kernels/log-softmax.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("takes the logarithm of a softmax worked by hand", () =>
  expect([...forward({x: Float64Array.of(0, Math.log(3), 1000, 1000)}, 2)]).toEqual([
    expect.closeTo(-Math.log(4), 14),
    expect.closeTo(Math.log(3) - Math.log(4), 14),
    expect.closeTo(-Math.log(2), 14),
    expect.closeTo(-Math.log(2), 14)
  ]));

it("passes dy less its sum's share of each probability", () => {
  const y = Float64Array.of(0.25, 0.75).map(Math.log);
  const dx = backward({y, dy: Float64Array.of(4, 0)}, 2);
  expect([...dx]).toEqual([expect.closeTo(3, 14), expect.closeTo(-3, 14)]);
});

it("has the gradient that finite differences find", () => {
  const random = seeded(1);
  const [x, dy] = [random(15).map((v) => 3 * v), random(15)];
  const dx = backward({y: forward({x}, 5), dy}, 5);
  expect(misses(dx, x, (x) => inner(forward({x}, 5), dy))).toBeNull();
});

it("says which dy it needs", () =>
  expect(() => backwardOnGpu(noGpu, {y: shaped(2, 3), dy: shaped(3)})).toThrow(
    "log-softmax: dy must be [2, 3] to match y, got [3]"
  ));
