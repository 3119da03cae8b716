import {afterAll, beforeAll, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWgsl} from "../../src/model/wgsl-backend.js";
import {randomModel} from "../../src/papers/own-models/random-files.js";
import {gpt2Small} from "../../src/papers/own-models/shapes.js";
import {ask} from "../support/ask.js";
import {openDawn} from "../support/dawn.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

/** Rows of 768 numbers that a binding of 128 MiB holds: the first of the second part follows them. */
const PART = 43688;

it("reads and writes tokens of both parts of GPT-2's embedding, 154 MB, at the default 128 MiB a binding", async () => {
  expect(gpu.largestBinding).toBe(2 ** 27);
  const {config, weights} = randomModel(gpt2Small(1), 1);
  expect(4 * config.vocab * config.width).toBeGreaterThan(gpu.largestBinding);
  const request = ask([[0, PART - 1, PART, config.vocab - 1]], {logits: "all"});
  const twin = await openTwin(config, weights);
  const {logits: exact} = await twin.forward(request);
  const backend = await openWgsl(gpu, {name: "test", software: true}, config, weights);
  const {logits} = await backend.forward(request);
  backend.dispose();
  const [least, most] = exact!.data.reduce(
    ([a, b], v) => [Math.min(a, v), Math.max(b, v)],
    [Infinity, -Infinity]
  );
  const largest = logits!.data.reduce((d, v, i) => Math.max(d, Math.abs(v - exact!.data[i])), 0);
  expect(most - least).toBeGreaterThan(1);
  expect(largest / (most - least)).toBeLessThan(1e-5);
});
