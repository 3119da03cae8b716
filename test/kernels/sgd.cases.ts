import {step} from "../../src/kernels/sgd.js";
import * as cpu from "../../src/kernels/sgd.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const settings = {rate: 0.3, momentum: 0.9};

/** One step with a velocity from an earlier one; every other weight decays. */
const update = (
  sizes: readonly number[],
  clip?: {readonly norm: number; readonly limit: number}
): KernelCase => ({
  name: `[${sizes.join("], [")}]${clip ? `, norm ${clip.norm} clipped at ${clip.limit}` : ""}`,
  async run(gpu) {
    const random = seeded(sizes.length + 1);
    const states = sizes.map((n, i) => ({
      weight: float32(random(n)),
      gradient: float32(random(n)),
      velocity: float32(random(n)),
      weightDecay: i % 2 === 0 ? 0.5 : 0
    }));
    const given = states.map(({weight, gradient, velocity, weightDecay}) => ({
      weight: upload(gpu, [weight.length], weight),
      gradient: upload(gpu, [weight.length], gradient),
      velocity: upload(gpu, [weight.length], velocity),
      weightDecay
    }));
    const norm = clip && {
      clip: {norm: upload(gpu, [1], Float64Array.of(clip.norm)), limit: clip.limit}
    };
    step(gpu, given, {...settings, ...norm});
    const actual = await gpu.read(...given.flatMap(({weight, velocity}) => [weight, velocity]));
    return states.flatMap(({weightDecay, ...state}, i) => {
      const next = cpu.step(state, {...settings, weightDecay, clip});
      const rowLength = state.weight.length;
      return [
        {output: `weight${i}`, actual: actual[2 * i], expected: next.weight, rowLength},
        {output: `velocity${i}`, actual: actual[2 * i + 1], expected: next.velocity, rowLength}
      ];
    });
  }
});

export const suite: KernelSuite = {
  op: "sgd",
  cases: [
    update([]),
    update([0]),
    update([1]),
    update([63, 64, 65]),
    update([200, 0, 3, 64]),
    update([70, 130], {norm: 8, limit: 2}),
    update([5], {norm: 0.5, limit: 2})
  ],
  mutants: [
    {find: "params.momentum * velocity0[i]", replace: "velocity0[i]"},
    {find: "params.decay0 *", replace: "0 *"},
    {find: "clip_factor() * gradient0[i]", replace: "gradient0[i]"},
    {find: "max(norm[0], params.limit)", replace: "norm[0]"},
    {find: "group -= (params.count0 + 63) / 64", replace: "group -= 0"},
    {find: "velocity1[i] = v;", replace: ""}
  ]
};
