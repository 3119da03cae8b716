import {expect, it} from "vitest";
import {step as stepOnGpu} from "../../src/kernels/sgd.js";
import {step} from "../../src/kernels/sgd.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

it("takes a step worked by hand", () => {
  // The velocity is 0.5·4 + 3 = 5; the weight decays by 0.1·0.2 of itself.
  const {weight, velocity} = step(
    {weight: Float64Array.of(10), velocity: Float64Array.of(4), gradient: Float64Array.of(3)},
    {rate: 0.1, momentum: 0.5, weightDecay: 0.2}
  );
  expect([...velocity]).toEqual([5]);
  expect(weight[0]).toBeCloseTo(10 - 0.2 - 0.5, 12);
});

it("scales the gradient down to the limit of its norm, never up", () => {
  const start = {weight: Float64Array.of(0), velocity: Float64Array.of(0)};
  const velocityOf = (norm: number) =>
    step(
      {...start, gradient: Float64Array.of(6)},
      {rate: 1, momentum: 0, weightDecay: 0, clip: {norm, limit: 2}}
    ).velocity[0];
  expect(velocityOf(12)).toBe(1);
  expect(velocityOf(1)).toBe(6);
});

it("says which velocity it needs", () =>
  expect(() =>
    stepOnGpu(
      noGpu,
      [{weight: shaped(3), gradient: shaped(3), velocity: shaped(4), weightDecay: 0}],
      {rate: 1, momentum: 0}
    )
  ).toThrow("sgd: velocity must be [3] to match its weight, got [4]"));
