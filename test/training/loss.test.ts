import {describe, expect, it} from "vitest";
import {forward as crossEntropy} from "../../src/kernels/cross-entropy.cpu.js";
import {type JaxArray, loadJax} from "../../src/model/jax.js";
import {forward} from "../../src/model/transformer.js";
import {twinOps, type TwinTensor} from "../../src/model/twin-ops.js";
import {type HostTensor, mapWeights, type Weights} from "../../src/model/weights.js";
import {modelConfig} from "../../src/training/lm-config.js";
import {lossProgram, type Parameters} from "../../src/training/loss.js";
import {randomWeights} from "../support/small-models.js";
import {TINY} from "./tiny.js";

const config = modelConfig(TINY);
const TOKENS = [
  [3, 1, 4, 1, 5, 9],
  [2, 7, 1, 8, 2, 8]
];
const TARGETS = [1, 4, 1, 5, 9, 2, 7, 1, 8, 2, 8, 1];

/** The loss in float64. */
function twinLoss(weights: Weights<TwinTensor>): number {
  const tokens = {shape: [2, 6], data: Float64Array.from(TOKENS.flat())};
  const {logits} = forward(twinOps, config, weights, {
    tokens,
    start: 0,
    sites: new Set(),
    edits: new Map(),
    logits: "all"
  });
  const losses = crossEntropy({logits: logits.data, targets: Uint32Array.from(TARGETS)});
  return losses.reduce((sum, value) => sum + value, 0) / losses.length;
}

describe("lossProgram", () => {
  it("has the value and the gradient that finite differences of the twin find", async () => {
    const jax = await loadJax("wasm");
    const first = randomWeights(config, 5);
    const arrays: Parameters = {};
    const twins = new Map<string, TwinTensor>();
    const put = ({shape, data}: HostTensor, name: string): TwinTensor => {
      const twin = {shape, data: Float64Array.from(data)};
      arrays[name] = jax.numpy.array(data.slice(), {shape: [...shape], device: "wasm"});
      twins.set(name, twin);
      return twin;
    };
    const widened = mapWeights(first, {vector: put, matrix: put});
    const names = mapWeights(first, {vector: (_, name) => name, matrix: (_, name) => name});
    const integers = (shape: number[], values: number[]) =>
      jax.numpy.array(Int32Array.from(values), {shape, device: "wasm"});
    const [value, gradients] = jax.jit(jax.valueAndGrad(lossProgram(jax, config, names)))(arrays, {
      tokens: integers([2, 6], TOKENS.flat()),
      targets: integers([2, 6], TARGETS),
      range: integers([6], [0, 1, 2, 3, 4, 5])
    }) as [JaxArray, Parameters];
    expect(value.js()).toBeCloseTo(twinLoss(widened), 5);

    const step = 1e-4;
    const worst = {name: "", times: 0};
    let checked = 0;
    for (const [name, {data}] of twins) {
      const gradient = (await gradients[name].data()) as Float32Array;
      for (let i = 0; i < data.length; i += 13) {
        const at = data[i];
        data[i] = at + step;
        const above = twinLoss(widened);
        data[i] = at - step;
        const below = twinLoss(widened);
        data[i] = at;
        const expected = (above - below) / (2 * step);
        const times = Math.abs(gradient[i] - expected) / (1e-6 + 1e-4 * Math.abs(expected));
        if (!(times <= worst.times)) Object.assign(worst, {name: `${name}[${i}]`, times});
        checked++;
      }
    }
    expect(checked).toBeGreaterThan(400);
    expect(worst.times, worst.name).toBeLessThan(1);
  });
});
