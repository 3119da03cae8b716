import {describe, expect, it} from "vitest";
import {packF16, packI8, toF16, uploadWeight} from "../../src/kernels/weight.js";
import {seeded} from "../support/numbers.js";
import {noGpu} from "../support/upload.js";
import {fromF16, storedValues} from "./stored-weight.js";

describe("toF16(value)", () => {
  it("gives back every finite half", () => {
    const wrong = [];
    for (let bits = 0; bits < 0x10000; bits++)
      if ((bits & 0x7c00) !== 0x7c00 && toF16(fromF16(bits)) !== bits) wrong.push(bits);
    expect(wrong).toEqual([]);
  });

  it("rounds ties to even", () => {
    expect(toF16(1 + 2 ** -11)).toBe(toF16(1));
    expect(toF16(1 + 3 * 2 ** -11)).toBe(toF16(1 + 2 ** -9));
    expect(toF16(1 + 2 ** -11 + 2 ** -20)).toBe(toF16(1 + 2 ** -10));
  });

  it("rounds subnormals to steps of 2^-24, ties to even", () => {
    expect(toF16(2 ** -25)).toBe(0);
    expect(toF16(1.5 * 2 ** -24)).toBe(2);
    expect(toF16(-(2 ** -24))).toBe(0x8001);
    expect(toF16(2 ** -14 - 2 ** -26)).toBe(0x0400);
  });

  it("keeps the largest half and what rounds to it", () => {
    expect(fromF16(toF16(65504))).toBe(65504);
    expect(fromF16(toF16(65519))).toBe(65504);
  });

  it.each([65520, -1e9, NaN, Infinity])("refuses %d", (value) =>
    expect(() => toF16(value)).toThrow(
      `weight: values must be at most 65504 to be stored as f16, got ${value}`
    )
  );
});

describe("packF16(values, columns)", () => {
  it("pads each row to whole quads", () =>
    expect([...packF16(Float32Array.of(1, -2, 1, 1, 1, 1, 0.5, 1, 1, 1), 5)]).toEqual([
      0xc0003c00, 0x3c003c00, 0x3c00, 0, 0x38003c00, 0x3c003c00, 0x3c00, 0
    ]));
});

describe("packI8(values, columns)", () => {
  it("scales each row by its largest magnitude", () => {
    const {words, scales} = packI8(
      Float32Array.of(127, -127, 1, 2.5, 0, 0, 0, 0, 1, 0, -0.5, 0),
      4
    );
    expect([...words]).toEqual([0x0201817f, 0, 0x00c0007f]);
    expect([...scales]).toEqual([1, 0, Math.fround(1 / 127)]);
  });

  it("pads each row to a whole word", () =>
    expect([
      ...packI8(Float32Array.of(127, 127, 127, 127, 127, -127, 0, 0, 0, 0), 5).words
    ]).toEqual([0x7f7f7f7f, 0x7f, 0x81, 0]));

  it("is off by at most half a scale", () => {
    const values = Float32Array.from(seeded(1)(3 * 101));
    const {scales} = packI8(values, 101);
    const stored = storedValues(values, 101, "i8");
    stored.forEach((v, i) =>
      expect(Math.abs(v - values[i])).toBeLessThanOrEqual(
        (scales[Math.floor(i / 101)] / 2) * (1 + 1e-6)
      )
    );
  });
});

describe("uploadWeight(gpu, shape, values, dtype)", () => {
  it("says how many values it needs", () =>
    expect(() => uploadWeight(noGpu, [2, 3], new Float32Array(5), "f16")).toThrow(
      "weight: [2, 3] holds 6 values, got 5"
    ));
});
