import {describe, expect, it} from "vitest";
import {topTokens} from "../../src/model/top-tokens.js";
import {seeded} from "../support/numbers.js";

describe("topTokens(rowsOfLogits, vocab, k)", () => {
  it("ranks each row, and gives log-probabilities", () => {
    const rows = [Float32Array.of(0, Math.log(6), 0, Math.log(2)), Float32Array.of(5, 5, 5, 5)];
    const {ids, logProbs, k} = topTokens(rows, 4, 2);
    expect(k).toBe(2);
    expect([...ids]).toEqual([1, 3, 0, 1]);
    [0.6, 0.2, 0.25, 0.25].forEach((p, i) => expect(Math.exp(logProbs[i])).toBeCloseTo(p, 6));
  });

  it("takes logits too large for an exponential", () => {
    const {logProbs} = topTokens([Float32Array.of(1000, 1000, -1000)], 3, 3);
    const half = Math.fround(-Math.LN2);
    expect([...logProbs]).toEqual([half, half, Math.fround(-2000 - Math.LN2)]);
  });

  it("gives at most the vocabulary", () => {
    const {ids, k} = topTokens([Float32Array.of(1, 3)], 2, 9);
    expect(k).toBe(2);
    expect([...ids]).toEqual([1, 0]);
  });

  it("ranks as a sort does, for few and for many", () => {
    const vocab = 200;
    // Few values, so that many are equal.
    const logits = Float32Array.from(seeded(2)(3 * vocab), (v) => Math.round(v * 20));
    const sorted = [0, 1, 2].flatMap((row) => {
      const values = logits.subarray(row * vocab, (row + 1) * vocab);
      return [[...values.keys()].sort((a, b) => values[b] - values[a] || a - b)];
    });
    for (const k of [1, 5, 64, 65, 200])
      expect([...topTokens([logits], vocab, k).ids]).toEqual(
        sorted.flatMap((ids) => ids.slice(0, k))
      );
  });
});
