import {describe, expect, it} from "vitest";
import {packColumns, unpackColumns} from "../../src/tables/packed-columns.js";

const columns = {
  bytes: Uint8Array.of(1, 2, 255),
  words: Uint16Array.of(65_535),
  none: new Uint32Array(0),
  floats: Float32Array.of(0.5, -1e-9, Infinity)
};
const wanted = {bytes: "u8", words: "u16", none: "u32", floats: "f32"} as const;

describe("unpackColumns(packColumns(columns))", () => {
  it("gives the columns back, also from the middle of a larger buffer", () => {
    const file = packColumns(columns);
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    for (const bytes of [file, shifted.subarray(3)])
      expect(unpackColumns(bytes, wanted, "x.bin")).toEqual(columns);
  });

  it("refuses what is cut, what is no list, and a column of another type", () => {
    const file = packColumns(columns);
    const read = (bytes: Uint8Array, of: Record<string, "u8" | "f32"> = {}) =>
      unpackColumns(bytes, of, "x.bin");
    expect(() => read(file.subarray(0, file.length - 4))).toThrow(
      `x.bin: must hold packed columns, floats reaches beyond its ${file.length - 4} bytes`
    );
    expect(() => read(file.subarray(0, 3))).toThrow("its header reaches beyond its 3 bytes");
    expect(() => read(Uint8Array.of(2, 0, 0, 0, 0x7b, 0x7d))).toThrow(
      "its header is no list of names, types and lengths"
    );
    expect(() => read(file, {words: "f32"})).toThrow("words must be among them as f32, got u16");
    expect(() => read(file, {more: "u8"})).toThrow("more must be among them as u8, got none");
  });

  it("allocates nothing on a header's word", () => {
    const header = new TextEncoder().encode('[["x","f32",4000000000]]');
    const file = new Uint8Array(4 + header.length);
    file[0] = header.length;
    file.set(header, 4);
    expect(() => unpackColumns(file, {x: "f32"}, "x.bin")).toThrow("x reaches beyond its");
  });
});
