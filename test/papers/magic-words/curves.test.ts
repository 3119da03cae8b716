import {describe, expect, it} from "vitest";
import {epsilonCurves, pairsOf, reachedShare} from "../../../src/papers/magic-words/curves.js";
import type {Method, ReachabilityRow} from "../../../src/papers/magic-words/reachability.js";

const row = (target: number, method: Method, k: number, success: boolean): ReachabilityRow => ({
  ...{state_id: "0@20+8", state_len: 8, target, target_rank: 3, target_kind: "top-75"},
  ...{method, k, success, prompt_ids: [], base_loss: 2, loss: 1, evals: 1}
});
/** Of three tokens greedy search reaches two, by 1 and by 4; GCG one, by 2; random prompts none. */
const rows = [
  ...[row(1, "greedy", 0, false), row(1, "greedy", 1, true)],
  ...[row(2, "greedy", 0, false), row(2, "greedy", 1, false), row(2, "greedy", 4, true)],
  ...[row(3, "greedy", 0, false), row(3, "gcg", 1, false), row(3, "gcg", 2, true)],
  ...[row(1, "random", 1, false)]
];

describe("epsilonCurves", () => {
  it("has the share of pairs left at each length, and what is reached stays so", () => {
    const curves = epsilonCurves(pairsOf(rows), [1, 2, 4]);
    const of = (method: string) =>
      curves.filter((point) => point.method === method).map(({k, value}) => [k, value]);
    const third = 1 / 3;
    expect(of("greedy").flat()).toEqual([0, 1, 1, 2 * third, 2, 2 * third, 4, third]);
    expect(of("gcg").map(([, value]) => value)).toEqual([1, 1, 2 * third, 2 * third]);
    expect(of("random").every(([, value]) => value === 1)).toBe(true);
    for (const {value, low, high, pairs} of curves) {
      expect(pairs).toBe(3);
      expect(low).toBeLessThanOrEqual(value);
      expect(high).toBeGreaterThanOrEqual(value);
    }
  });
});

describe("reachedShare", () => {
  it("takes the better of the two that search", () => {
    const pairs = pairsOf(rows);
    expect([1, 2, 4].map((k) => reachedShare(pairs, "either", k))).toEqual([1 / 3, 2 / 3, 1]);
    expect(reachedShare(pairs, "random", 4)).toBe(0);
  });
});
