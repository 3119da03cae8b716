import {expect, it} from "vitest";
import {loadJax} from "../../src/model/jax.js";
import {type HostTensor, mapWeights} from "../../src/model/weights.js";
import {lossProgram, type Parameters} from "../../src/training/loss.js";
import {BATCH, TARGETS} from "../support/gradient-requests.js";
import {gradientFaults, twinWeightGradients} from "../support/gradients.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

it.each(SMALL_MODELS)("are the twin's of every weight (%s)", async (_, config) => {
  const jax = await loadJax("wasm");
  const weights = randomWeights(config, 5);
  const arrays: Parameters = {};
  const put = ({shape, data}: HostTensor, name: string) => {
    arrays[name] = jax.numpy.array(data.slice(), {shape: [...shape], device: "wasm"});
    return name;
  };
  const names = mapWeights(weights, {vector: put, matrix: put});
  const integers = (rows: readonly (readonly number[])[]) =>
    jax.numpy.array(Int32Array.from(rows.flat()), {
      shape: [rows.length, rows[0].length],
      device: "wasm"
    });
  const count = Int32Array.from(BATCH[0], (_id, i) => i);
  const gradients = jax.jit(jax.grad(lossProgram(jax, config, names)))(arrays, {
    tokens: integers(BATCH),
    targets: integers(TARGETS),
    range: jax.numpy.array(count, {shape: [count.length], device: "wasm"})
  });
  const expected = twinWeightGradients(config, weights).gradients;
  expect(Object.keys(gradients).sort()).toEqual([...expected.keys()].sort());
  const found = new Map<string, Float32Array>();
  for (const name of expected.keys())
    found.set(name, (await gradients[name].data()) as Float32Array);
  expect(gradientFaults(found, expected)).toEqual([]);
});
