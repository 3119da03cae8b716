import {beforeAll, describe, expect, it} from "vitest";
import {type Jax, type JaxArray, loadJax} from "../../src/model/jax.js";
import {adamW, clipFactor, type Moments, ratesOf} from "../../src/training/adamw.js";

let jax: Jax;
beforeAll(async () => {
  jax = await loadJax("wasm");
});

const array = (...values: number[]): JaxArray =>
  jax.numpy.array(Float32Array.from(values), {device: "wasm"});

/** The weight 2 after a step with gradient 1/2, and after one more with gradient -1/4, at rate 0.1. */
function twoSteps(weightDecay: number): number[] {
  let weight = array(2);
  let moments: Moments = {mean: array(0), square: array(0)};
  return [0.5, -0.25].map((gradient, step) => {
    const {rate, meanCorrection, squareCorrection} = ratesOf(step, 0.1, 0.99);
    ({weight, moments} = adamW(
      jax,
      {weight, gradient: array(gradient), moments},
      {
        rate: array(rate),
        meanCorrection: array(meanCorrection),
        squareCorrection: array(squareCorrection)
      },
      {beta2: 0.99, weightDecay}
    ));
    return (weight.ref.js() as number[])[0];
  });
}

describe("adamW", () => {
  // Step 1: mean 0.05 / 0.1 = 0.5, square 0.0025 / 0.01 = 0.25: the change is 0.5 / √0.25 = 1.
  // Step 2: mean (0.9·0.05 - 0.1·0.25) / 0.19 = 0.105263, square (0.99·0.0025 + 0.01·0.0625) / 0.0199
  // = 0.155779: the change is 0.105263 / 0.394688 = 0.266700.
  it("takes two steps as by hand", () => {
    const [first, second] = twoSteps(0);
    expect(first).toBeCloseTo(2 - 0.1, 6);
    expect(second).toBeCloseTo(1.9 - 0.02667, 6);
  });

  it("lets a weight decay by rate · weightDecay, beside the step", () => {
    const [first, second] = twoSteps(0.5);
    expect(first).toBeCloseTo(2 * 0.95 - 0.1, 6);
    expect(second).toBeCloseTo(1.8 * 0.95 - 0.02667, 6);
  });
});

describe("clipFactor", () => {
  const factor = (most: number) => clipFactor(jax, [array(3), array(0, 4)], most).js() as number;

  it("shortens gradients whose norm together is too large", () => {
    expect(factor(1)).toBeCloseTo(1 / 5, 6);
    expect(factor(4)).toBeCloseTo(4 / 5, 6);
  });

  it("leaves others as they are", () => {
    expect(factor(5.1)).toBe(1);
  });
});
