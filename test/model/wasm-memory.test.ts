import {beforeAll, describe, expect, it} from "vitest";
import type {Edit} from "../../src/model/edits.js";
import {loadJax} from "../../src/model/jax.js";
import type {Site} from "../../src/model/sites.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import {ask} from "../support/ask.js";
import {continuation} from "../support/backends.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

const [, config] = SMALL_MODELS[1];
const PROMPT = [3, 1, 4, 1, 5, 9, 2, 6, 5];

/** jax-js's live arrays, a private map of its wasm device: caught when the first of them is added. */
let live: ReadonlyMap<unknown, unknown>;

const isBuffer = (value: unknown) =>
  typeof value === "object" &&
  value !== null &&
  ["ptr", "size", "ref"].every((key) => key in value);

beforeAll(async () => {
  const set = Object.getOwnPropertyDescriptor(Map.prototype, "set")!;
  const original = set.value as (
    this: Map<unknown, unknown>,
    k: unknown,
    v: unknown
  ) => typeof live;
  const keep = (map: typeof live) => (live = map);
  const catching = function (this: Map<unknown, unknown>, key: unknown, value: unknown) {
    if (isBuffer(value)) keep(this);
    return original.call(this, key, value);
  };
  Object.defineProperty(Map.prototype, "set", {...set, value: catching});
  const {numpy} = await loadJax("wasm");
  numpy.array(Float32Array.of(1, 2), {device: "wasm"}).dispose();
  Object.defineProperty(Map.prototype, "set", set);
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
