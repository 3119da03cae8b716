import {describe, expect, it} from "vitest";
import {
  biasGradient,
  forward,
  forwardGated,
  inputGradient,
  weightGradient
} from "../../src/kernels/matmul.cpu.js";
import * as kernel from "../../src/kernels/matmul.js";
import {inner, misses} from "../support/differences.js";
import {noGpu, shaped} from "../support/upload.js";
import {shapedWeight} from "./shaped-weight.js";

// Two rows of three, by hand: (1, 2, 3)·(1, 0, −1) = −2, (1, 2, 3)·(2, 2, 0.5) = 7.5, …
const x = Float64Array.of(1, 2, 3, 0, -1, 1);
const weight = Float64Array.of(1, 0, -1, 2, 2, 0.5);

describe("the twin", () => {
  it("multiplies rows by rows", () =>
    expect(forward({x, weight, columns: 3})).toEqual(Float64Array.of(-2, 7.5, -1, -1.5)));

  it("adds the bias", () =>
    expect(forward({x, weight, bias: Float64Array.of(10, 20), columns: 3})).toEqual(
      Float64Array.of(8, 27.5, 9, 18.5)
    ));

  it("applies GELU to the biased sum", () => {
    const [y] = forward({x, weight, bias: Float64Array.of(3, 0), columns: 3}, "gelu");
    expect(y).toBeCloseTo(0.841192, 6);
  });

  it("gates: silu(−2)·7.5 for the first row", () => {
    const y = forwardGated({
      x: x.subarray(0, 3),
      gate: weight.subarray(0, 3),
      up: weight.subarray(3),
      columns: 3
    });
    expect(y[0]).toBeCloseTo((-2 / (1 + Math.E ** 2)) * 7.5, 12);
  });
});

describe("errors", () => {
  it("says what x must be", () =>
    expect(() => kernel.forward(noGpu, {x: shaped(2, 3), weight: shapedWeight(5, 4)})).toThrow(
      "matmul: x must be [2, 4] to match the columns of weight, got [2, 3]"
    ));

  it("says what bias must be", () =>
    expect(() =>
      kernel.forward(noGpu, {
        x: shaped(2, 4),
        weight: shapedWeight(5, 4),
        bias: shaped(4)
      })
    ).toThrow("matmul: bias must be [5] to match the rows of weight, got [4]"));

  it("says what dy must be", () => {
    expect(() =>
      kernel.inputGradient(noGpu, {dy: shaped(2, 4), weight: shapedWeight(5, 4)})
    ).toThrow("matmul: dy must be [2, 5] to match the rows of weight, got [2, 4]");
    expect(() => kernel.weightGradient(noGpu, {dy: shaped(3, 5), x: shaped(2, 4)})).toThrow(
      "matmul: dy must be [2, 5] to match the rows of x, got [3, 5]"
    );
  });

  it("says what up must be", () =>
    expect(() =>
      kernel.forwardGated(noGpu, {
        x: shaped(2, 4),
        gate: shapedWeight(5, 4),
        up: shapedWeight(6, 4)
      })
    ).toThrow("matmul: up must be [5, 4] to match gate, got [6, 4]"));
});

describe("the twin's gradients", () => {
  const dy = Float64Array.of(1, 2, -1, 0);

  it("are worked by hand", () => {
    // 1·(1, 0, −1) + 2·(2, 2, 0.5), and −1·(1, 0, −1)
    expect(inputGradient({dy, weight, columns: 3})).toEqual(Float64Array.of(5, 4, 0, -1, 0, 1));
    // 1·(1, 2, 3) − 1·(0, −1, 1), and 2·(1, 2, 3)
    expect(weightGradient({dy, x}, {outs: 2, columns: 3})).toEqual(
      Float64Array.of(1, 3, 2, 2, 4, 6)
    );
    expect(biasGradient({dy}, 2)).toEqual(Float64Array.of(0, 2));
  });

  it("are what finite differences find", () => {
    const of = (name: "x" | "weight" | "bias") => (changed: Float64Array) =>
      inner(forward({x, weight, bias, columns: 3, [name]: changed}), dy);
    const bias = Float64Array.of(1, 2);
    expect(misses(inputGradient({dy, weight, columns: 3}), x, of("x"))).toBeNull();
    const dweight = weightGradient({dy, x}, {outs: 2, columns: 3});
    expect(misses(dweight, weight, of("weight"))).toBeNull();
    expect(misses(biasGradient({dy}, 2), bias, of("bias"))).toBeNull();
  });
});
