import {describe, expect, it} from "vitest";
import {apply as applyOnGpu, forward as forwardOnGpu} from "../../src/kernels/rmsnorm.js";
import {apply, forward} from "../../src/kernels/rmsnorm.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

describe("rmsnorm", () => {
  // The mean square is (1 + 49) / 2 = 25: with eps 11 the scale is 6.
  it("normalises a row worked by hand", () =>
    expect(forward({x: Float64Array.of(1, -7), gain: Float64Array.of(6, 12)}, 11)).toEqual({
      y: Float64Array.of((1 / 6) * 6, (-7 / 6) * 12),
      scale: Float64Array.of(6)
    }));

  it("divides each row by the scale that is given", () =>
    expect(apply({x: Float64Array.of(2, 4, 9, 3), scale: Float64Array.of(2, 3)})).toEqual(
      Float64Array.of(1, 2, 3, 1)
    ));

  it("says which gain it needs", () =>
    expect(() => forwardOnGpu(noGpu, {x: shaped(2, 3), gain: shaped(2)}, 0)).toThrow(
      "rmsnorm: gain must be [3] to match the last axis of x, got [2]"
    ));

  it("says which scale it needs", () =>
    expect(() => applyOnGpu(noGpu, {x: shaped(2, 3), scale: shaped(3, 1)})).toThrow(
      "rmsnorm: scale must be [2, 1] for each row of x, got [3, 1]"
    ));
});
