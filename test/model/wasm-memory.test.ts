import {beforeAll, describe, expect, it} from "vitest";
import type {Edit} from "../../src/model/edits.js";
import type {Site} from "../../src/model/sites.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import {ask} from "../support/ask.js";
import {continuation} from "../support/backends.js";
import {gradientRequests} from "../support/gradient-requests.js";
import {liveArrays} from "../support/jax-memory.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

const [, config] = SMALL_MODELS[1];
const PROMPT = [3, 1, 4, 1, 5, 9, 2, 6, 5];

let live: ReadonlyMap<unknown, unknown>;

beforeAll(async () => {
  live = await liveArrays();
});

describe("openWasm", () => {
  it("holds no more arrays after 200 passes than after one, nor after decoding", async () => {
    const backend = await openWasm(config, randomWeights(config, 3));
    const opened = live.size;
    const sites: Site[] = ["blocks.0.hook_resid_post", "blocks.1.attn.hook_pattern"];
    for (let i = 0; i < 200; i++) {
      const edits: Edit[] = [{site: "blocks.1.hook_resid_pre", op: "add", value: i, pos: [i % 9]}];
      await backend.forward(ask([PROMPT], {sites, edits, top: 3, lens: 3}));
      expect(live.size).toBe(opened);
    }
    for (let i = 0; i < 5; i++) await continuation(backend, PROMPT);
    expect(live.size).toBe(opened);
    backend.dispose();
  });

  it("holds no more arrays after many gradients than after one of each, and none in the end", async () => {
    const before = live.size;
    const backend = await openWasm(config, randomWeights(config, 3));
    const requests = gradientRequests(config).map(([, request]) => request);
    for (const request of requests) await backend.gradient(request);
    const held = live.size;
    for (let i = 0; i < 5; i++)
      for (const request of requests) {
        await backend.gradient(request);
        expect(live.size).toBe(held);
      }
    backend.dispose();
    expect(live.size).toBe(before);
  });

  it("frees what a decode holds when its reader stops early", async () => {
    const backend = await openWasm(config, randomWeights(config, 3));
    const opened = live.size;
    const sampling = {count: 9, temperature: 0, topK: 0, seed: 0};
    const tokens = backend.decode(PROMPT, sampling);
    await tokens.next();
    expect(live.size).toBeGreaterThan(opened);
    await tokens.return();
    expect(live.size).toBe(opened);
    backend.dispose();
  });

  it("frees its weights when disposed, and not before", async () => {
    const before = live.size;
    const backend = await openWasm(config, randomWeights(config, 3));
    await backend.forward(ask([PROMPT]));
    expect(live.size).toBeGreaterThan(before + 20);
    backend.dispose();
    expect(live.size).toBe(before);
  });

  it("keeps memory flat while prompts of every length are tried", async () => {
    const backend = await openWasm(config, randomWeights(config, 3));
    const opened = live.size;
    for (let length = 1; length <= config.context; length++)
      await backend.forward(ask([Array.from({length}, (_, i) => i % config.vocab)]));
    expect(live.size).toBe(opened);
    backend.dispose();
  });
});
