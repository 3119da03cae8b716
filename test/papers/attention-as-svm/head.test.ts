import {describe, expect, it} from "vitest";
import {normals} from "../../../src/kernels/normals.js";
import {openHead} from "../../../src/papers/attention-as-svm/attention.js";
import {
  type Instance,
  randomInstance,
  worths
} from "../../../src/papers/attention-as-svm/instance.js";
import {bilinear, dot, filled, type Matrix} from "../../../src/papers/attention-as-svm/matrix.js";
import {train, trained} from "../../../src/papers/attention-as-svm/training.js";

const size = {samples: 3, tokens: 5, width: 4};
const start = filled(4, 4, normals(3));

/** The head straight from its formula: `f` and the attention of each sample. */
function plainly({inputs, queries, head}: Instance, weights: Matrix) {
  return inputs.map((tokens, i) => {
    const raised = tokens.map((x) => Math.exp(bilinear(x, weights, queries[i])));
    const sum = raised.reduce((a, b) => a + b, 0);
    const attention = raised.map((value) => value / sum);
    const f = tokens.reduce((total, x, t) => total + attention[t] * dot(x, head), 0);
    return {f, attention};
  });
}

const lossOf = (instance: Instance, weights: Matrix): number =>
  plainly(instance, weights).reduce(
    (sum, {f}, i) => sum + Math.log(1 + Math.exp(-instance.labels[i] * f)) / instance.samples,
    0
  );

/** The gradient as it is usually written, which subtracts nearly equal numbers where attention is nearly 1. */
function plainGradient(instance: Instance, weights: Matrix): Float64Array {
  const gradient = new Float64Array(weights.data.length);
  const values = worths(instance);
  for (const [i, {f, attention}] of plainly(instance, weights).entries()) {
    const slope = -1 / (1 + Math.exp(instance.labels[i] * f)) / instance.samples;
    const mean = attention.reduce((sum, p, t) => sum + p * values[i][t], 0);
    for (const [t, x] of instance.inputs[i].entries())
      for (let row = 0; row < x.length; row++)
        for (let column = 0; column < x.length; column++)
          gradient[row * x.length + column] +=
            slope * attention[t] * (values[i][t] - mean) * x[row] * instance.queries[i][column];
  }
  return gradient;
}

const scaledGradient = (instance: Instance, weights: Matrix): Float64Array => {
  const {gradient, logScale} = openHead(instance)(weights);
  return gradient.data.map((value) => value * Math.exp(logScale));
};

describe("randomInstance", () => {
  it("has unit tokens, queries and head, and the same for the same seed", () => {
    const {inputs, queries, head, labels} = randomInstance(size, 2);
    for (const vector of [...inputs.flat(), ...queries, head])
      expect(dot(vector, vector)).toBeCloseTo(1, 12);
    expect(labels.every((label) => Math.abs(label) === 1)).toBe(true);
    expect(randomInstance(size, 2)).toEqual(randomInstance(size, 2));
    expect(randomInstance(size, 3).head).not.toEqual(head);
  });
});

describe("openHead", () => {
  const instance = randomInstance(size, 1);

  it("has the loss of its formula", () => {
    expect(openHead(instance)(start).loss).toBeCloseTo(lossOf(instance, start), 12);
  });

  it("has the gradient that finite differences find", () => {
    const gradient = scaledGradient(instance, start);
    const step = 1e-5;
    for (const i of gradient.keys()) {
      const at = (by: number) => {
        const data = start.data.slice();
        data[i] += by;
        return lossOf(instance, {...start, data});
      };
      expect(gradient[i], `at ${i}`).toBeCloseTo((at(step) - at(-step)) / (2 * step), 8);
    }
  });

  it("has the usual gradient where that is exact", () => {
    const gradient = scaledGradient(instance, start);
    plainGradient(instance, start).forEach((value, i) =>
      expect(gradient[i], `at ${i}`).toBeCloseTo(value, 13)
    );
  });

  it("keeps all digits where the usual gradient has lost its own", () => {
    // two tokens that differ in one coordinate: the gradient is p₂ · ½ · slope, up to 1 − p₂
    const apart = (gap: number): Matrix => ({rows: 1, columns: 1, data: Float64Array.of(gap)});
    const pair: Instance = {
      samples: 1,
      tokens: 2,
      width: 1,
      inputs: [[Float64Array.of(1), Float64Array.of(0)]],
      queries: [Float64Array.of(1)],
      head: Float64Array.of(0.5),
      labels: [1]
    };
    for (const gap of [40, 400, 4000]) {
      const {gradient, logScale, missed} = openHead(pair)(apart(gap));
      const slope = -1 / (1 + Math.exp(0.5));
      expect(logScale).toBeCloseTo(-gap, 9);
      expect(gradient.data[0]).toBeCloseTo(slope * 0.5, 12);
      expect(missed[0]).toBe(Math.exp(-gap) / (1 + Math.exp(-gap)));
    }
    // exp(-40) is below half the spacing of floats at 1, so 1 − p and with it this is 0
    const [, other] = plainly(pair, apart(40))[0].attention;
    expect(1 - (1 - other)).toBe(0);
  });
});

describe("train", () => {
  const instance = randomInstance(size, 4);
  const options = {parameters: "W", steps: 30, rate: 0.1, seed: 1} as const;

  it("moves W by the rate in each step", () => {
    let before: Float64Array | undefined;
    let count = 0;
    for (const {weights} of train(instance, options)) {
      if (before) {
        const moved = weights.data.map((value, i) => value - before![i]);
        expect(Math.sqrt(dot(moved, moved))).toBeCloseTo(0.1, 10);
      }
      before = weights.data.slice();
      count++;
    }
    expect(count).toBe(31);
  });

  it("stays finite and goes on at any rate", () => {
    for (const parameters of ["W", "KQ"] as const) {
      const {weights, loss} = trained(instance, {...options, parameters, rate: 1e3, steps: 200});
      expect(weights.data.every(Number.isFinite)).toBe(true);
      expect(loss).toBeGreaterThan(0);
    }
  });

  it("follows the product of K and Q", () => {
    const first = trained(instance, {...options, parameters: "KQ", steps: 0});
    const later = trained(instance, {...options, parameters: "KQ", steps: 60});
    expect(later.loss).toBeLessThan(first.loss);
  });
});
