import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Gpu} from "../../src/gpu/gpu.js";
import type {Backend} from "../../src/model/backend.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWgsl} from "../../src/model/wgsl-backend.js";
import {openDawn} from "../support/dawn.js";
import {
  expectSameSplice,
  expectSameSplicedGradient,
  splicedCases,
  splicedContinuation,
  splicedGradient
} from "../support/spliced.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

let gpu: Gpu;
beforeAll(async () => {
  gpu = await openDawn();
});
afterAll(() => gpu.device.destroy());

describe.each(SMALL_MODELS.slice(0, 2))("dictionaries in WGSL (%s)", (_, config) => {
  const weights = randomWeights(config, 5);
  let ours: Backend;
  let twin: Backend;
  beforeAll(async () => {
    ours = await openWgsl(gpu, {name: "test", software: true}, config, weights);
    twin = await openTwin(config, weights);
  });
  afterAll(() => ours.dispose());

  it("continues a text with a cache as the twin does", async () => {
    for (const [, request] of splicedCases(config).slice(0, 4))
      expect(await splicedContinuation(ours, [3, 1, 4], request)).toEqual(
        await splicedContinuation(twin, [3, 1, 4], request)
      );
  }, 60_000);

  it.each(splicedCases(config))("spliced as the twin splices them: %s", async (_, request) =>
    expectSameSplice(ours, twin, request)
  );

  it.each(splicedCases(config))("with the twin's gradients: %s", async (_, request) =>
    expectSameSplicedGradient(ours, twin, splicedGradient(request, config))
  );

  it("leave nothing behind once they are forgotten", async () => {
    const cases = splicedCases(config);
    const [, request] = cases[4];
    const {dictionaries} = request.dictionaries!;
    for (const dictionary of dictionaries) ours.forget(dictionary);
    gpu.trim();
    const before = gpu.stats.bytes;
    await ours.forward(request);
    await ours.gradient(splicedGradient(request, config));
    for (const dictionary of dictionaries) ours.forget(dictionary);
    gpu.trim();
    expect(gpu.stats.bytes).toBe(before);
  });
});
