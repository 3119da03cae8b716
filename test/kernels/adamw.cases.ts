import {step} from "../../src/kernels/adamw.js";
import * as cpu from "../../src/kernels/adamw.cpu.js";
import type {KernelCase, KernelSuite} from "../support/kernel-case.js";
import {float32, seeded} from "../support/numbers.js";
import {upload} from "../support/upload.js";

const settings = {rate: 0.3, beta1: 0.9, beta2: 0.99, eps: 1e-3};

interface Options {
  readonly number?: number;
  readonly clip?: {readonly norm: number; readonly limit: number};
}

/** One step from moments of an earlier one; every other weight decays. */
const update = (sizes: readonly number[], {number = 1, clip}: Options = {}): KernelCase => ({
  name: `step ${number} of [${sizes.join("], [")}]${clip ? `, norm ${clip.norm} clipped at ${clip.limit}` : ""}`,
  async run(gpu) {
    const random = seeded(sizes.length + 1);
    const states = sizes.map((n, i) => ({
      weight: float32(random(n)),
      gradient: float32(random(n)),
      moments: float32(random(2 * n).map((v, i) => (i < n ? v / 2 : (v + 1) / 4))),
      weightDecay: i % 2 === 0 ? 0.5 : 0
    }));
    const given = states.map(({weight, gradient, moments, weightDecay}) => ({
      weight: upload(gpu, [weight.length], weight),
      gradient: upload(gpu, [weight.length], gradient),
      moments: upload(gpu, [2, weight.length], moments),
      weightDecay
    }));
    const norm = clip && {
      clip: {norm: upload(gpu, [1], Float64Array.of(clip.norm)), limit: clip.limit}
    };
    step(gpu, given, {...settings, step: number, ...norm});
    const actual = await gpu.read(...given.flatMap(({weight, moments}) => [weight, moments]));
    return states.flatMap(({weightDecay, ...state}, i) => {
      const next = cpu.step(state, {...settings, weightDecay, step: number, clip});
      const rowLength = state.weight.length;
      return [
        {output: `weight${i}`, actual: actual[2 * i], expected: next.weight, rowLength},
        {output: `moments${i}`, actual: actual[2 * i + 1], expected: next.moments, rowLength}
      ];
    });
  }
});

export const suite: KernelSuite = {
  op: "adamw",
  cases: [
    update([]),
    update([0]),
    update([1]),
    update([63, 64, 65]),
    update([200, 0, 3, 64], {number: 40}),
    update([70, 130], {number: 1000, clip: {norm: 8, limit: 2}}),
    update([5], {clip: {norm: 0.5, limit: 2}}),
    update([5], {clip: {norm: 0, limit: 1}})
  ],
  mutants: [
    {find: "+ params.gain1 * g;", replace: "+ g;"},
    {find: "params.gain2 * g * g", replace: "params.gain2 * g"},
    {find: "sqrt(square * rates[2])", replace: "sqrt(square)"},
    {find: "mean * rates[1]", replace: "mean"},
    {find: "+ params.eps", replace: ""},
    {find: "params.decay0 *", replace: "0 *"},
    {find: "params.count0 + i", replace: "i"},
    {find: "g = gradient0[i] * clip_factor()", replace: "g = gradient0[i]"},
    {find: "max(norm[0], params.limit)", replace: "norm[0]"},
    {find: "i < params.count1", replace: "i + 1 < params.count1"}
  ]
};
