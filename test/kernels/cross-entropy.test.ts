import {describe, expect, it} from "vitest";
import type {Tensor} from "../../src/gpu/tensor.js";
import {
  backward as backwardOnGpu,
  forward as forwardOnGpu
} from "../../src/kernels/cross-entropy.js";
import {backward, forward} from "../../src/kernels/cross-entropy.cpu.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
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

describe("the gradient of cross-entropy", () => {
  it("says which dloss it needs", () => {
    const targets: Tensor = {...shaped(2), dtype: "u32"};
    expect(() => backwardOnGpu(noGpu, {logits: shaped(2, 5), targets, dloss: shaped(1)})).toThrow(
      "cross-entropy: dloss must be [2] to match targets, got [1]"
    );
  });

  it("is the softmax, less 1 at the target, times what comes back", () => {
    const logits = Float64Array.of(0, Math.log(3));
    const d = backward({logits, targets: Uint32Array.of(1), dloss: Float64Array.of(8)});
    expect([...d]).toEqual([expect.closeTo(2, 12), expect.closeTo(-2, 12)]);
  });

  it("keeps its accuracy where the target is nearly certain", () => {
    const logits = Float64Array.of(0, 30);
    const d = backward({logits, targets: Uint32Array.of(1), dloss: Float64Array.of(1)});
    expect(d[0] / Math.exp(-30)).toBeCloseTo(1, 2);
    expect(d[1] / Math.exp(-30)).toBeCloseTo(-1, 2);
  });

  it("is what finite differences find", () => {
    const random = seeded(1);
    const [logits, dloss] = [random(15).map((v) => 3 * v), random(3)];
    const targets = Uint32Array.of(4, 0, 2);
    const d = backward({logits, targets, dloss});
    expect(misses(d, logits, (logits) => inner(forward({logits, targets}), dloss))).toBeNull();
  });
});
