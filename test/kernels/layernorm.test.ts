import {describe, expect, it} from "vitest";
import {apply as applyOnGpu, forward as forwardOnGpu} from "../../src/kernels/layernorm.js";
import {apply, forward} from "../../src/kernels/layernorm.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

describe("layernorm", () => {
  // Mean 5, variance 9: with eps 7 the scale is 4.
  const x = Float64Array.of(2, 8);
  const gain = Float64Array.of(4, 8);
  const bias = Float64Array.of(1, -1);

  it("normalises a row worked by hand", () =>
    expect(forward({x, gain, bias}, 7)).toEqual({
      y: Float64Array.of(-2, 5),
      scale: Float64Array.of(4)
    }));

  it("divides by a scale that is given", () =>
    expect(apply({x, scale: Float64Array.of(2), gain, bias})).toEqual(Float64Array.of(-5, 11)));

  const given = {x: shaped(2, 3), gain: shaped(3), bias: shaped(3)};

  it("says which gain it needs", () =>
    expect(() => forwardOnGpu(noGpu, {...given, gain: shaped(4)}, 0)).toThrow(
      "layernorm: gain must be [3] to match the last axis of x, got [4]"
    ));

  it("says which bias it needs", () =>
    expect(() => forwardOnGpu(noGpu, {...given, bias: shaped(1, 3)}, 0)).toThrow(
      "layernorm: bias must be [3] to match the last axis of x, got [1, 3]"
    ));

  it("says which scale it needs", () =>
    expect(() => applyOnGpu(noGpu, {...given, scale: shaped(2)})).toThrow(
      "layernorm: scale must be [2, 1] for each row of x, got [2]"
    ));
});
