import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Backend} from "../../src/model/backend.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import {gradientRequests} from "../support/gradient-requests.js";
import {resultFaults} from "../support/gradients.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

describe.each(SMALL_MODELS)("gradients in jax-js (%s)", (_, config) => {
  const weights = randomWeights(config, 5);
  let wasm: Backend;
  let twin: Backend;
  beforeAll(async () => {
    wasm = await openWasm(config, weights);
    twin = await openTwin(config, weights);
  });
  afterAll(() => wasm.dispose());

  it.each(gradientRequests(config))(
    "of %s are the twin's",
    async (_, request) => {
      expect(resultFaults(await wasm.gradient(request), await twin.gradient(request))).toEqual([]);
    },
    60_000
  );
});
