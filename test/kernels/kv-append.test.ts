import {describe, expect, it} from "vitest";
import {forward as forwardOnGpu} from "../../src/kernels/kv-append.js";
import {forward} from "../../src/kernels/kv-append.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

describe("kv-append", () => {
  it("writes each sequence's tokens and nothing else", () => {
    const cache = Float64Array.of(1, 2, 3, 4, 5, 6);
    forward({cache, x: Float64Array.of(-1, -2)}, {batch: 2, keys: 3, tokens: 1, start: 1});
    expect(cache).toEqual(Float64Array.of(1, -1, 3, 4, -2, 6));
  });

  it("says when tokens reach past the end", () =>
    expect(() =>
      forwardOnGpu(noGpu, {cache: shaped(1, 5, 2, 4), x: shaped(1, 2, 2, 4)}, {start: 4})
    ).toThrow("kv-append: start must be at most 3 to fit 2 tokens into 5 places, got 4"));

  it("says which shape fits", () =>
    expect(() =>
      forwardOnGpu(noGpu, {cache: shaped(1, 5, 2, 4), x: shaped(1, 2, 4, 4)}, {start: 0})
    ).toThrow("kv-append: x must be [1, 2, 2, 4] to fit the cache, got [1, 2, 4, 4]"));
});
