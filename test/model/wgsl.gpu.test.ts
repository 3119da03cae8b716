import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import {parseLlama2c} from "../../src/model/llama2c.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWgsl} from "../../src/model/wgsl-backend.js";
import {ask} from "../support/ask.js";
import {continuation} from "../support/backends.js";
import {openDawn} from "../support/dawn.js";
import {failures} from "../support/kernel-case.js";
import {itShared, shared} from "../support/shared.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";
import {cases} from "./forward.cases.js";
import {readFileSync} from "node:fs";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

const adapter = {name: "test", software: true};

it.each(cases)("agrees with the twin: $name", async (one) =>
  expect(await failures(gpu, one)).toEqual([])
);

describe.each(SMALL_MODELS)("openWgsl(%s)", (_, config) => {
  const weights = randomWeights(config, 5);

  it("decodes what the twin decodes, greedily and by sampling", async () => {
    const ours = openWgsl(gpu, adapter, config, weights);
    const twin = await openTwin(config, weights);
    for (const sampling of [{}, {temperature: 0.8, seed: 7}, {temperature: 1, topK: 3, seed: 8}])
      expect(await continuation(ours, [3, 1, 4], sampling)).toEqual(
        await continuation(twin, [3, 1, 4], sampling)
      );
    ours.dispose();
  });

  it("reads several tokens at a time on a GPU, to the same text", async () => {
    const [slow, fast] = [true, false].map((software) =>
      openWgsl(gpu, {...adapter, software}, config, weights)
    );
    const sampling = {count: 100};
    const text = await continuation(slow, [3], sampling);
    expect(text.length).toBe(config.context);
    expect(await continuation(fast, [3], sampling)).toEqual(text);
    slow.dispose();
    fast.dispose();
  });
});

it("ranks next tokens and the lens as the twin does", async () => {
  const [, config] = SMALL_MODELS[0];
  const weights = randomWeights(config, 5);
  const ours = openWgsl(gpu, adapter, config, weights);
  const twin = await openTwin(config, weights);
  const request = ask([[3, 1, 4]], {logits: "none", top: 4, lens: 3});
  const [actual, expected] = [await ours.forward(request), await twin.forward(request)];
  expect(actual.top!.ids).toEqual(expected.top!.ids);
  expect(actual.lens!.ids).toEqual(expected.lens!.ids);
  expect(actual.lens!.ids.length).toBe((config.layers + 1) * 3 * 3);
  ours.dispose();
});

itShared("models/stories260K", "equals stories260K's stored logits within 2e-4", async () => {
  const {config, weights} = parseLlama2c(
    readFileSync(shared("models/stories260K/stories260K.bin")),
    "stories260K.bin"
  );
  const reference = JSON.parse(
    readFileSync(shared("models/stories260K/reference.json"), "utf8")
  ) as {tokens: number[]; logits: string};
  const stored = Buffer.from(reference.logits, "base64");
  const wanted = new Float32Array(
    stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.length)
  );
  const ours = openWgsl(gpu, adapter, config, weights);
  const {logits} = await ours.forward(ask([reference.tokens.slice(0, 33)]));
  const worst = wanted.reduce((max, v, i) => Math.max(max, Math.abs(v - logits!.data[i])), 0);
  expect(wanted.length).toBe(33 * 512);
  expect(worst).toBeLessThanOrEqual(2e-4);
  ours.dispose();
});
