import {describe, expect, it} from "vitest";
import {decodeFloats} from "../../src/model/float-types.js";
import {transpose} from "../../src/model/named-tensors.js";

const patterns = Uint16Array.from({length: 65536}, (_, i) => i);
const bytes = new Uint8Array(patterns.buffer);

/** IEEE 754, from the words of the standard: (−1)^s · 2^(e − bias) · (1 + f / 2^bits). */
function value(half: number, bits: number, bias: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half & 0x7fff) >> bits;
  const fraction = (half & (2 ** bits - 1)) / 2 ** bits;
  if (exponent === 2 * bias + 1) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** (1 - bias)
    : sign * (1 + fraction) * 2 ** (exponent - bias);
}

describe("decodeFloats", () => {
  it.each([
    ["F16", 10, 15],
    ["BF16", 7, 127]
  ] as const)("gives every one of the 65,536 patterns of %s its value", (dtype, bits, bias) =>
    expect(decodeFloats(bytes, dtype)).toEqual(
      Float32Array.from(patterns, (half) => value(half, bits, bias))
    )
  );

  it("reads halves at an odd address", () => {
    const moved = new Uint8Array(5);
    moved.set([0x00, 0x3c, 0x00, 0xc0], 1);
    expect(decodeFloats(moved.subarray(1), "F16")).toEqual(Float32Array.of(1, -2));
  });
});

describe("transpose", () => {
  it.each([
    [1, 1],
    [2, 3],
    [33, 70],
    [64, 1]
  ])("turns [%i, %i]", (rows, columns) => {
    const data = Float32Array.from({length: rows * columns}, (_, i) => i);
    const turned = transpose({shape: [rows, columns], data});
    expect(turned.shape).toEqual([columns, rows]);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        expect(turned.data[c * rows + r]).toBe(data[r * columns + c]);
  });
});
