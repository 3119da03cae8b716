import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {fitScalingLaw, predictedLoss} from "../../src/fit/scaling-law.js";

const SIZES = [24_576, 55_296, 147_456, 331_776, 786_432, 1_536_000, 2_654_208];
const grid = SIZES.flatMap((parameters) => [1e6, 3e6, 1e7].map((tokens) => ({parameters, tokens})));

describe("predictedLoss", () => {
  it("adds what the size and the tokens cost to what is left of both", () => {
    const law = {E: 2, A: 10, B: 100, alpha: 0.5, beta: 0.25};
    expect(predictedLoss(law, {parameters: 100, tokens: 10_000})).toBe(2 + 1 + 10);
  });
});

describe("fitScalingLaw", () => {
  it("finds the law that runs were made by", () => {
    fc.assert(
      fc.property(
        fc.double({min: 1, max: 3, noNaN: true}),
        fc.double({min: 0.25, max: 0.5, noNaN: true}),
        fc.double({min: 0.25, max: 0.5, noNaN: true}),
        (E, alpha, beta) => {
          const law = {E, A: 0.5 * SIZES[0] ** alpha, B: 1e6 ** beta, alpha, beta};
          const runs = grid.map((run) => ({...run, loss: predictedLoss(law, run)}));
          const fitted = fitScalingLaw(runs.slice(0, -3));
          for (const run of runs) expect(predictedLoss(fitted, run) / run.loss).toBeCloseTo(1, 4);
          expect(fitted.alpha).toBeCloseTo(alpha, 2);
          expect(fitted.beta).toBeCloseTo(beta, 2);
        }
      ),
      {numRuns: 5}
    );
  });

  it("is moved little by one run that went wrong", () => {
    const law = {E: 2, A: 40, B: 500, alpha: 0.4, beta: 0.4};
    const runs = grid.map((run, i) => ({
      ...run,
      loss: predictedLoss(law, run) * (i === 7 ? 1.3 : 1)
    }));
    const fitted = fitScalingLaw(runs.slice(0, -3));
    for (const run of grid.slice(-3))
      expect(Math.abs(predictedLoss(fitted, run) / predictedLoss(law, run) - 1)).toBeLessThan(5e-3);
  });

  it("refuses fewer runs than unknowns, in one sentence", () => {
    const runs = grid.slice(0, 4).map((run) => ({...run, loss: 3}));
    expect(() => fitScalingLaw(runs)).toThrow(
      "fitScalingLaw: runs must be at least 5, one for each unknown, got 4"
    );
  });
});
