import {describe, expect, it} from "vitest";
import {forward as forwardOnGpu} from "../../src/kernels/cross-entropy.js";
import {forward} from "../../src/kernels/cross-entropy.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

describe("cross-entropy", () => {
  it("measures rows worked by hand", () =>
    expect([
      ...forward({
        logits: Float64Array.of(0, Math.log(3), 1000, 1000),
        targets: Uint32Array.of(1, 0)
      })
    ]).toEqual([expect.closeTo(Math.log(4 / 3), 10), expect.closeTo(Math.log(2), 10)]));

  it("says which targets it needs", () =>
    expect(() => forwardOnGpu(noGpu, {logits: shaped(2, 3, 5), targets: shaped(6)})).toThrow(
      "cross-entropy: targets must be [2, 3] for each row of logits, got [6]"
    ));

  it("says that targets are u32", () =>
    expect(() => forwardOnGpu(noGpu, {logits: shaped(2, 5), targets: shaped(2)})).toThrow(
      "cross-entropy: targets must be u32 to be used as indices, got f32"
    ));
});
