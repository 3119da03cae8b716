import {beforeAll, describe, expect, it} from "vitest";
import {greedySearch} from "../../../src/model/search/greedy.js";
import type {ControlledModel} from "../../../src/model/search/control.js";
import {exhaustive} from "../../../src/model/search/exhaustive.js";
import {lastStep} from "../../../src/model/search/search-step.js";
import {allowedTokens} from "../../../src/model/search/token-filter.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {boundTrial} from "../../../src/papers/magic-words/bounds.js";
import {controlsOf, randomHeads} from "../../../src/papers/magic-words/random-heads.js";
import {graded} from "../../../src/papers/magic-words/search-truth.js";
import {letters} from "../../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../../support/small-models.js";

const [, config] = SMALL_MODELS[0];
const state = [7, 3, 11, 20];
let model: ControlledModel;
beforeAll(async () => {
  const backend = await openWasm(config, randomWeights(config, 2));
  model = {config, tokenizer: letters, backend};
});

describe("graded", () => {
  it("counts what each search finds of what all pairs reach", async () => {
    const tokens = allowedTokens(model);
    const gcg = {topK: 8, batch: 12, iterations: 4};
    const found = await graded(model, state, {k: 2, tokens, gcg, most: 99, seed: 1});
    const {targets} = await exhaustive(model, state, {k: 2, tokens});
    const reachable = Array.from(targets.target).filter((id) => targets.count[id] > 0);
    expect(found.reachable).toBe(reachable.length);
    let greedy = 0;
    for (const target of reachable) {
      const last = await lastStep(greedySearch(model, {state, target}, {k: 2, tokens}));
      if (last!.reached) greedy++;
    }
    expect(found.greedy).toBe(greedy);
    for (const one of [found.gcg, found.randomAsGreedy, found.randomAsGcg])
      expect(one).toBeLessThanOrEqual(reachable.length);
    expect(found.gcg).toBeGreaterThan(0);
  });

  it("draws no more targets than are asked for, the same for a seed", async () => {
    const how = {k: 1, tokens: allowedTokens(model), most: 1, seed: 1} as const;
    const gcg = {topK: 4, batch: 4, iterations: 1};
    const found = await graded(model, state, {...how, gcg});
    expect(found.reachable).toBe(1);
    expect(await graded(model, state, {...how, gcg})).toEqual(found);
  });
});

describe("boundTrial", () => {
  it("finds no violation of the bound, and some of a smaller one and of the query's", () => {
    const found = randomHeads(50, 3).map((one, i) => boundTrial(one, 200, i));
    const total = (of: "violations" | "shrunk" | "ofQuery") =>
      found.reduce((sum, one) => sum + one[of], 0);
    expect(total("violations")).toBe(0);
    expect(total("shrunk")).toBeGreaterThan(0);
    expect(total("ofQuery")).toBeGreaterThan(100);
    expect(found.some(({vacuous}) => vacuous)).toBe(true);
    expect(found.some(({vacuous}) => !vacuous)).toBe(true);
    for (const {excluded, excludedLong} of found)
      expect(excludedLong).toBeLessThanOrEqual(excluded);
  });

  it("is tried with controls of the size that it is derived for", () => {
    const [one] = randomHeads(3, 0);
    const lengths = [...controlsOf(one, 100, 1)].flat().map((u) => Math.hypot(...u));
    expect(lengths).toHaveLength(100 * one.size.k);
    expect(Math.max(...lengths)).toBeCloseTo(one.size.norm, 12);
    expect(Math.min(...lengths)).toBeLessThan(one.size.norm);
  });
});
