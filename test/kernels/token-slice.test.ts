import {describe, expect, it} from "vitest";
import {backward as backwardOnGpu, forward as forwardOnGpu} from "../../src/kernels/token-slice.js";
import {backward, forward} from "../../src/kernels/token-slice.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

describe("token-slice", () => {
  it("takes one token of each sequence", () =>
    expect(
      forward({x: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8)}, {tokens: 2, width: 2, token: 1})
    ).toEqual(Float64Array.of(3, 4, 7, 8)));

  it("says which tokens there are", () =>
    expect(() => forwardOnGpu(noGpu, {x: shaped(1, 3, 4)}, {token: -1})).toThrow(
      "token-slice: token must be at least 0 and less than 3 to be one of x, got -1"
    ));

  it("says which axes it needs", () =>
    expect(() => forwardOnGpu(noGpu, {x: shaped(3, 4)}, {token: 0})).toThrow(
      "token-slice: x must be [batch, tokens, width] to have tokens, got [3, 4]"
    ));
});

describe("the gradient of token-slice", () => {
  const of = {tokens: 3, width: 2, token: 1};

  it("is zero at the other tokens", () =>
    expect(backward({dy: Float64Array.of(1, 2, 3, 4)}, of)).toEqual(
      Float64Array.of(0, 0, 1, 2, 0, 0, 0, 0, 3, 4, 0, 0)
    ));

  it("is what finite differences find", () => {
    const [x, dy] = [seeded(1)(12), seeded(2)(4)];
    expect(misses(backward({dy}, of), x, (x) => inner(forward({x}, of), dy))).toBeNull();
  });

  it("says which dy it needs", () =>
    expect(() => backwardOnGpu(noGpu, {dy: shaped(2, 3, 4)}, of)).toThrow(
      "token-slice: dy must be [2, 1, 4] to be the gradient of a slice, got [2, 3, 4]"
    ));

  it("says which tokens there are", () =>
    expect(() => backwardOnGpu(noGpu, {dy: shaped(2, 1, 4)}, {tokens: 3, token: 3})).toThrow(
      "token-slice: token must be at least 0 and less than 3 to be one of x, got 3"
    ));
});
