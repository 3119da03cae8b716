import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Backend} from "../../src/model/backend.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import {
  expectSameSplice,
  expectSameSplicedGradient,
  splicedCases,
  splicedContinuation,
  splicedGradient
} from "../support/spliced.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

describe.each(SMALL_MODELS.slice(0, 2))("dictionaries in jax-js (%s)", (_, config) => {
  const weights = randomWeights(config, 5);
  let wasm: Backend;
  let twin: Backend;
  beforeAll(async () => {
    wasm = await openWasm(config, weights);
    twin = await openTwin(config, weights);
  });
  afterAll(() => wasm.dispose());

  it("continues a text with a cache as the twin does", async () => {
    for (const [, request] of splicedCases(config).slice(0, 4))
      expect(await splicedContinuation(wasm, [3, 1, 4], request)).toEqual(
        await splicedContinuation(twin, [3, 1, 4], request)
      );
  }, 60_000);

  it.each(splicedCases(config))(
    "spliced as the twin splices them: %s",
    async (_, request) => {
      await expectSameSplice(wasm, twin, request);
      for (const dictionary of request.dictionaries!.dictionaries) wasm.forget(dictionary);
    },
    60_000
  );

  it.each(splicedCases(config).slice(0, 7))(
    "with the twin's gradients: %s",
    async (_, request) => expectSameSplicedGradient(wasm, twin, splicedGradient(request, config)),
    60_000
  );
});
