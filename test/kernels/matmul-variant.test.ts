import {describe, expect, it} from "vitest";
import {gradientVariant, type Problem, variant} from "../../src/kernels/matmul-variant.js";

const limits = {maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupStorageSize: 16384};
const choose = (rows: number, outs: number, columns: number, rest: Partial<Problem> = {}) => {
  const chosen = variant({rows, outs, columns, matrices: 1, limits, ...rest});
  return chosen.kind === "vector"
    ? `${chosen.lanes} lanes`
    : `${chosen.tile.rows} × ${chosen.tile.outs}`;
};

describe("variant({rows, outs, columns, matrices, limits})", () => {
  it("takes up to four rows as vectors, with more lanes for longer rows", () => {
    expect(choose(1, 768, 128)).toBe("16 lanes");
    expect(choose(1, 768, 768)).toBe("32 lanes");
    expect(choose(4, 768, 3072)).toBe("64 lanes");
    expect(choose(5, 768, 3072)).toBe("32 × 32");
  });

  it("takes the largest tile that leaves enough workgroups", () => {
    expect(choose(1024, 1024, 1024)).toBe("128 × 64");
    expect(choose(512, 512, 512)).toBe("64 × 64");
    expect(choose(256, 256, 256)).toBe("32 × 32");
  });

  it("takes a smaller tile where a large one would be mostly empty", () => {
    expect(choose(48, 50257, 768)).toBe("64 × 64");
    expect(choose(33, 50257, 768)).toBe("32 × 32");
  });

  it("keeps two matrices within workgroup memory", () =>
    expect(choose(1024, 1024, 1024, {matrices: 2})).toBe("64 × 64"));

  it("keeps within the invocations that a device allows", () =>
    expect(
      choose(1024, 1024, 1024, {limits: {...limits, maxComputeInvocationsPerWorkgroup: 128}})
    ).toBe("32 × 32"));
});

describe("gradientVariant({rows, columns, inner, limits})", () => {
  const chosen = (rows: number, columns: number, inner: number) => {
    const {tile, slices, sliceLength} = gradientVariant({rows, columns, inner, limits});
    return `${tile.rows} × ${tile.outs}, ${slices} × ${sliceLength}`;
  };

  it("sums at once where there are tiles enough", () =>
    expect(chosen(2048, 512, 128)).toBe("128 × 64, 1 × 128"));

  it("cuts a long sum over few tiles, into slices of at least 128", () => {
    expect(chosen(512, 128, 2048)).toBe("128 × 64, 8 × 256");
    expect(chosen(128, 128, 2048)).toBe("64 × 64, 16 × 128");
    expect(chosen(1, 768, 50257)).toBe("32 × 32, 3 × 16768");
    expect(chosen(32, 32, 300)).toBe("32 × 32, 2 × 160");
  });

  it("has slices that reach the end, none of them empty", () => {
    for (let inner = 0; inner < 3000; inner += 37) {
      const {slices, sliceLength} = gradientVariant({rows: 40, columns: 40, inner, limits});
      expect(sliceLength % 16).toBe(0);
      expect(slices * sliceLength).toBeGreaterThanOrEqual(inner);
      expect((slices - 1) * sliceLength).toBeLessThanOrEqual(Math.max(0, inner - 1));
    }
  });
});
