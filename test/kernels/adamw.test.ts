import {describe, expect, it} from "vitest";
import {step as stepOnGpu} from "../../src/kernels/adamw.js";
import {type State, step} from "../../src/kernels/adamw.cpu.js";
import {loadJax} from "../../src/model/jax.js";
import {adamW, ratesOf} from "../../src/training/adamw.js";
import {disagreement, float32, seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

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

it("takes the steps of the AdamW that jax-js trains by", async () => {
  const jax = await loadJax("wasm");
  const array = (values: ArrayLike<number>) =>
    jax.numpy.array(Float32Array.from(values), {device: "wasm"});
  const [random, decay] = [seeded(1), 0.1];
  let ours: State = {weight: float32(random(20)), moments: new Float64Array(40)};
  let theirs = {
    weight: array(ours.weight),
    moments: {mean: array(new Float64Array(20)), square: array(new Float64Array(20))}
  };
  for (let i = 0; i < 5; i++) {
    const gradient = float32(random(20));
    const {rate, meanCorrection, squareCorrection} = ratesOf(i, 0.05, 0.95);
    ours = step(
      {...ours, gradient},
      {step: i + 1, rate, beta1: 0.9, beta2: 0.95, eps: 1e-8, weightDecay: decay}
    );
    theirs = adamW(
      jax,
      {...theirs, gradient: array(gradient)},
      {
        rate: array([rate]),
        meanCorrection: array([meanCorrection]),
        squareCorrection: array([squareCorrection])
      },
      {beta2: 0.95, weightDecay: decay}
    );
  }
  expect(disagreement(theirs.weight.js() as number[], ours.weight, 20)).toBeNull();
});

describe("errors", () => {
  const one = {
    weight: shaped(2, 3),
    gradient: shaped(2, 3),
    moments: shaped(2, 2, 3),
    weightDecay: 0
  };
  const options = {...settings, step: 1};

  it("says which gradient and moments it needs", () => {
    expect(() => stepOnGpu(noGpu, [{...one, gradient: shaped(6)}], options)).toThrow(
      "adamw: gradient must be [2, 3] to match its weight, got [6]"
    );
    expect(() => stepOnGpu(noGpu, [{...one, moments: shaped(2, 3)}], options)).toThrow(
      "adamw: moments must be [2, 2, 3] to match its weight, got [2, 3]"
    );
  });

  it("says where steps begin, and what a limit must be", () => {
    expect(() => stepOnGpu(noGpu, [one], {...options, step: 0})).toThrow(
      "adamw: step must be at least 1 to correct its means, got 0"
    );
    const clip = {norm: shaped(1), limit: 0};
    expect(() => stepOnGpu(noGpu, [one], {...options, clip})).toThrow(
      "adamw: clip.limit must be above 0 to leave a gradient, got 0"
    );
  });
});
