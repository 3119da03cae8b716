import {describe, expect, it} from "vitest";
import {backward as backwardOnGpu} from "../../src/kernels/softmax.js";
import {backward, forward} from "../../src/kernels/softmax.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

describe("softmax", () => {
  it("weighs a row worked by hand", () =>
    expect([...forward({x: Float64Array.of(0, Math.log(3), 1000, 1000)}, 2)]).toEqual([
      expect.closeTo(0.25, 14),
      expect.closeTo(0.75, 14),
      0.5,
      0.5
    ]));

  it("gives a masked entry no weight, alone or in a row that is masked as a whole", () =>
    expect([...forward({x: Float64Array.of(-1e30, 5, -1e30, -1e30)}, 2)]).toEqual([0, 1, 0, 0]));

  it("has the gradient of a row worked by hand", () =>
    expect(backward({y: Float64Array.of(0.25, 0.75), dy: Float64Array.of(8, 16)}, 2)).toEqual(
      Float64Array.of(-1.5, 1.5)
    ));

  it("says which gradient it needs", () =>
    expect(() => backwardOnGpu(noGpu, {y: shaped(2, 3), dy: shaped(3, 2)})).toThrow(
      "softmax: dy must be [2, 3] to match y, got [3, 2]"
    ));

  it("has the gradient that differences find", () => {
    const random = seeded(3);
    const [x, dy] = [random(14), random(14)];
    x[9] = -1e30;
    const dx = backward({y: forward({x}, 7), dy}, 7);
    expect(misses(dx, x, (given) => inner(forward({x: given}, 7), dy))).toBeNull();
  });
});
