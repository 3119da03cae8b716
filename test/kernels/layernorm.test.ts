import {describe, expect, it} from "vitest";
import {
  apply as applyOnGpu,
  applyBackward as applyBackwardOnGpu,
  backward as backwardOnGpu,
  forward as forwardOnGpu
} from "../../src/kernels/layernorm.js";
import {apply, applyBackward, backward, forward} from "../../src/kernels/layernorm.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

const random = seeded(5);
const rows = {x: random(21), gain: random(7), bias: random(7)};
const dy = random(21);

describe("layernorm's gradient", () => {
  const gradients = backward({...rows, scale: forward(rows, 0.1).scale, dy});

  it.each(["x", "gain", "bias"] as const)("of %s is what differences find", (name) =>
    expect(
      misses(gradients[name], rows[name], (given) =>
        inner(forward({...rows, [name]: given}, 0.1).y, dy)
      )
    ).toBeNull()
  );

  const given = {...rows, scale: Float64Array.of(0.5, 2, 3)};
  const applied = applyBackward({...given, dy});

  it.each(["x", "scale", "gain", "bias"] as const)(
    "of %s is what differences find where the scale is given",
    (name) =>
      expect(
        misses(applied[name], given[name], (value) => inner(apply({...given, [name]: value}), dy))
      ).toBeNull()
  );
});

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

  const dy = Float64Array.of(2, 3);
  const scale = Float64Array.of(4);

  it("has the gradients of a row worked by hand", () => {
    const weights = {gain: Float64Array.of(-1.5, 2.25), bias: dy};
    expect(backward({x, scale, gain, dy})).toEqual({x: Float64Array.of(-0.875, 0.875), ...weights});
    expect(applyBackward({x, scale, gain, dy})).toEqual({
      x: Float64Array.of(-2, 2),
      scale: Float64Array.of(-3),
      ...weights
    });
  });

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

  it.each([
    [{gain: shaped(4)}, "layernorm: gain must be [3] to match the last axis of x, got [4]"],
    [{scale: shaped(2)}, "layernorm: scale must be [2, 1] for each row of x, got [2]"],
    [{dy: shaped(3, 2)}, "layernorm: dy must be [2, 3] to match x, got [3, 2]"]
  ])("says what %o lacks for the gradients", (wrong, message) => {
    const inputs = {...given, scale: shaped(2, 1), dy: given.x, ...wrong};
    expect(() => backwardOnGpu(noGpu, inputs, {weights: false})).toThrow(message);
    expect(() => applyBackwardOnGpu(noGpu, inputs, {weights: false})).toThrow(message);
  });
});
