import {describe, expect, it} from "vitest";
import {seeded} from "../../../src/corpus/random.js";
import {toldLabels} from "../../../src/papers/transcoder-circuits/told-labels.js";

// 400 tokens of each half; label 0 is every fourth, label 1 every tenth
const labels = Array.from({length: 400}, (_, t) => [
  ...(t % 4 === 0 ? [0] : []),
  ...(t % 10 === 0 ? [1] : [])
]);
const half = {labels, counts: Uint32Array.of(100, 40)};
const halves = {train: half, heldout: half};
const values = (of: (token: number) => number) => Float32Array.from({length: 400}, (_, t) => of(t));
const alike = (unit: Float32Array) => ({train: unit, heldout: unit});

describe("toldLabels(units, halves, wanted)", () => {
  it("is 1 for a unit that is large where its label is, at a threshold above the others", () => {
    const unit = values((t) => (t % 10 === 0 ? 2 + t / 1000 : 0));
    const [, f1] = toldLabels([alike(unit)], halves, [0, 1]);
    // the thresholds are shares of tokens: the nearest to a tenth of them leaves a few out
    expect(f1).toBeGreaterThan(0.85);
    const flat = values((t) => (t % 4 === 0 ? 1 : 0));
    expect(toldLabels([alike(flat)], halves, [0])[0]).toBe(1);
  });

  it("scores on the half that did not choose", () => {
    const unit = values((t) => (t % 4 === 0 ? 1 : 0));
    const gone = {train: unit, heldout: new Float32Array(400)};
    expect(toldLabels([gone], halves, [0])[0]).toBe(0);
    const other = {train: new Float32Array(400), heldout: unit};
    expect(toldLabels([other], halves, [0])[0]).toBe(0);
  });

  it("is small for random units, and 0 for a label that is not asked for", () => {
    const random = seeded(1);
    const units = Array.from({length: 50}, () => ({
      train: values(() => random.next()),
      heldout: values(() => random.next())
    }));
    const told = toldLabels(units, halves, [1]);
    expect(told[0]).toBe(0);
    expect(told[1]).toBeLessThan(0.4);
  });
});
