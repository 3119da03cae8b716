import {describe, expect, it} from "vitest";
import {
  apply as applyOnGpu,
  applyBackward as applyBackwardOnGpu,
  backward as backwardOnGpu,
  forward as forwardOnGpu
} from "../../src/kernels/rmsnorm.js";
import {apply, applyBackward, backward, forward} from "../../src/kernels/rmsnorm.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

const random = seeded(6);
const rows = {x: random(21), gain: random(7)};
const dy = random(21);

describe("rmsnorm's gradient", () => {
  const gradients = backward({...rows, scale: forward(rows, 0.1).scale, dy});

  it.each(["x", "gain"] as const)("of %s is what differences find", (name) =>
    expect(
      misses(gradients[name], rows[name], (given) =>
        inner(forward({...rows, [name]: given}, 0.1).y, dy)
      )
    ).toBeNull()
  );

  const given = {x: rows.x, scale: Float64Array.of(0.5, 2, 3)};
  const applied = applyBackward({...given, dy});

  it.each(["x", "scale"] as const)(
    "of %s is what differences find where the scale is given",
    (name) =>
      expect(
        misses(applied[name], given[name], (value) => inner(apply({...given, [name]: value}), dy))
      ).toBeNull()
  );
});

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

  it("has the gradients of a row worked by hand", () => {
    const x = Float64Array.of(1, -7);
    const scale = Float64Array.of(6);
    const gain = Float64Array.of(6, 12);
    expect(backward({x, gain, scale, dy: Float64Array.of(6, 3)})).toEqual({
      x: Float64Array.of(6.5, 2.5),
      gain: Float64Array.of(1, -3.5)
    });
    expect(applyBackward({x, scale, dy: Float64Array.of(36, 36)})).toEqual({
      x: Float64Array.of(6, 6),
      scale: Float64Array.of(6)
    });
  });

  it("says which gain it needs", () =>
    expect(() => forwardOnGpu(noGpu, {x: shaped(2, 3), gain: shaped(2)}, 0)).toThrow(
      "rmsnorm: gain must be [3] to match the last axis of x, got [2]"
    ));

  it("says which scale it needs", () =>
    expect(() => applyOnGpu(noGpu, {x: shaped(2, 3), scale: shaped(3, 1)})).toThrow(
      "rmsnorm: scale must be [2, 1] for each row of x, got [3, 1]"
    ));

  const given = {x: shaped(2, 3), gain: shaped(3), scale: shaped(2, 1), dy: shaped(2, 3)};

  it.each([
    [{scale: shaped(2)}, "rmsnorm: scale must be [2, 1] for each row of x, got [2]"],
    [{dy: shaped(3, 2)}, "rmsnorm: dy must be [2, 3] to match x, got [3, 2]"]
  ])("says what %o lacks for the gradients", (wrong, message) => {
    const inputs = {...given, ...wrong};
    expect(() => backwardOnGpu(noGpu, inputs, {weights: false})).toThrow(message);
    expect(() => applyBackwardOnGpu(noGpu, inputs)).toThrow(message);
  });

  it("says which gain its gradients need", () =>
    expect(() => backwardOnGpu(noGpu, {...given, gain: shaped(2)}, {weights: false})).toThrow(
      "rmsnorm: gain must be [3] to match the last axis of x, got [2]"
    ));
});
