import {describe, expect, it} from "vitest";
import {endsOf, fallStart, keptSteps, learningRate} from "../../src/training/schedule.js";
import {TINY} from "./tiny.js";

const config = {...TINY, rate: 0.8, warmup: 4, decay: 0.5};

describe("learningRate", () => {
  // 10 steps: a quarter of the rate more for each of the first 4, then all of it, and from the 6th
  // on a fifth less with each.
  it("rises, stays and falls to zero", () => {
    const rates = Array.from({length: 11}, (_, step) => learningRate(config, step, 10) / 0.8);
    const expected = [0.25, 0.5, 0.75, 1, 1, 1, 0.8, 0.6, 0.4, 0.2, 0];
    rates.forEach((rate, step) => expect(rate).toBeCloseTo(expected[step], 12));
    expect(fallStart(config, 10)).toBe(5);
  });
});

describe("endsOf", () => {
  it("rounds a budget up to whole steps of batch · context tokens", () => {
    expect(endsOf({...config, batch: 2, context: 6, budgets: [12, 13, 25]})).toEqual([1, 2, 3]);
  });
});

describe("keptSteps", () => {
  it("goes from 16 to the last fall by a constant factor", () => {
    const ladder = {...config, batch: 1, context: 1, budgets: [7, 512], checkpoints: 5};
    expect([...keptSteps(ladder)]).toEqual([16, 32, 64, 128, 256]);
    expect(keptSteps({...ladder, checkpoints: undefined}).size).toBe(0);
  });
});
