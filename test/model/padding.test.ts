import {describe, expect, it} from "vitest";
import {affineEdit, bucketOf, crop} from "../../src/model/padding.js";

describe("bucketOf(tokens, context)", () => {
  it("holds the tokens, within the context, in few sizes", () => {
    const context = 1000;
    const sizes = new Set<number>();
    for (let tokens = 1; tokens <= context; tokens++) {
      const bucket = bucketOf(tokens, context);
      expect(bucket).toBeGreaterThanOrEqual(tokens);
      expect(bucket).toBeLessThanOrEqual(context);
      sizes.add(bucket);
    }
    expect([...sizes]).toEqual([16, 32, 64, 128, 256, 512, 1000]);
  });
});

describe("crop(data, outer, inner)", () => {
  it("takes the first corner", () => {
    const data = Float32Array.from({length: 24}, (_, i) => i);
    expect([...crop(data, [2, 3, 4], [2, 2, 3])]).toEqual([
      0, 1, 2, 4, 5, 6, 12, 13, 14, 16, 17, 18
    ]);
    expect(crop(data, [2, 3, 4], [2, 3, 4])).toBe(data);
  });
});

describe("affineEdit(edits, inner, outer)", () => {
  const rowOf = Uint32Array.of(0, 1);
  const edit = (op: "replace" | "add" | "scale", ...values: number[]) => ({
    op,
    rowOf,
    values: Float32Array.from(values)
  });

  it("leaves other rows and the padding alone", () => {
    const {scale, shift} = affineEdit([edit("replace", 7, 8)], [1, 2, 2], [1, 3, 3]);
    expect([...scale]).toEqual([1, 1, 1, 0, 0, 1, 1, 1, 1]);
    expect([...shift]).toEqual([0, 0, 0, 7, 8, 0, 0, 0, 0]);
  });

  it("applies one edit after another", () => {
    const edits = [edit("scale", 2, 2), edit("add", 3, 5), edit("scale", -1, 4)];
    const {scale, shift} = affineEdit(edits, [2, 2], [2, 2]);
    expect([...scale]).toEqual([1, 1, -2, 8]);
    expect([...shift]).toEqual([0, 0, -3, 20]);
    const replaced = affineEdit([...edits, edit("replace", 1, 1)], [2, 2], [2, 2]);
    expect([...replaced.scale].map(Math.abs)).toEqual([1, 1, 0, 0]);
    expect([...replaced.shift]).toEqual([0, 0, 1, 1]);
  });
});
