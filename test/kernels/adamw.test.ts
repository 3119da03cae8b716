import {expect, it} from "vitest";
import {step} from "../../src/kernels/adamw.cpu.js";

const settings = {rate: 0.1, beta1: 0.5, beta2: 0.75, eps: 0, weightDecay: 0.5};

it("takes a step worked by hand", () => {
  // The corrected means of the first step are the gradient and its square, so each weight moves by
  // the rate, after it has decayed by 0.05 of itself.
  const {weight, moments} = step(
    {
      weight: Float64Array.of(2, -4),
      moments: new Float64Array(4),
      gradient: Float64Array.of(4, -8)
    },
    {...settings, step: 1}
  );
  expect([...weight]).toEqual([expect.closeTo(1.8, 12), expect.closeTo(-3.7, 12)]);
  expect([...moments]).toEqual([2, -4, 4, 16]);
});

it("corrects the means of a later step for what they began with", () => {
  // Means 0.5·2 + 0.5·4 = 3 and 0.75·4 + 0.25·16 = 7, corrected by 1 − 0.25 and 1 − 0.5625.
  const {weight} = step(
    {weight: Float64Array.of(0), moments: Float64Array.of(2, 4), gradient: Float64Array.of(4)},
    {...settings, step: 2}
  );
  expect(weight[0]).toBeCloseTo((-0.1 * (3 / 0.75)) / Math.sqrt(7 / 0.4375), 12);
});

it("scales the gradient down to the limit of its norm, never up", () => {
  const start = {weight: Float64Array.of(0), moments: new Float64Array(2)};
  const means = (norm: number) =>
    step({...start, gradient: Float64Array.of(6)}, {...settings, step: 1, clip: {norm, limit: 2}})
      .moments;
  expect([...means(12)]).toEqual([0.5, 0.25]);
  expect([...means(1)]).toEqual([3, 9]);
});
