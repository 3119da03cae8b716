import {beforeAll, describe, expect, it} from "vitest";
import {backOff, type ControlRow} from "../../../src/model/search/back-off.js";
import type {ControlledModel} from "../../../src/model/search/control.js";
import {exhaustive} from "../../../src/model/search/exhaustive.js";
import {allowedTokens} from "../../../src/model/search/token-filter.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {type State, statesOf, targetsOf} from "../../../src/papers/magic-words/pairs.js";
import {
  randomCandidates,
  reachabilityOf,
  type ReachabilityRow,
  type ReachabilitySettings
} from "../../../src/papers/magic-words/reachability.js";
import {letters} from "../../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../../support/small-models.js";

const [, config] = SMALL_MODELS[0];
const state: State = {place: 0, id: "0@20+4", tokens: [7, 3, 11, 20], next: 5};
const how: ReachabilitySettings = {
  lengths: [1, 2, 4],
  each: 3,
  gcg: {topK: 5, batch: 6, iterations: 2}
};

let model: ControlledModel;
let rows: ReachabilityRow[];
beforeAll(async () => {
  const backend = await openWasm(config, randomWeights(config, 2));
  model = {config, tokenizer: letters, backend};
  rows = [];
  for await (const row of reachabilityOf(model, state, how, {seed: 3})) rows.push(row);
});

const of = (method: string, target: number) =>
  rows.filter((row) => row.method === method && row.target === target);
const targets = () => [...new Set(rows.map(({target}) => target))];

describe("reachabilityOf", () => {
  it("has the rows that greedy back-off finds for each target by itself", async () => {
    const tokens = allowedTokens(model, {printable: true});
    for (const target of targets()) {
      const pair = {state: state.tokens, target};
      const alone: ControlRow[] = [];
      const {lengths} = how;
      for await (const row of backOff(model, pair, {method: "greedy"}, {lengths, tokens}))
        alone.push(row);
      const found = of("greedy", target);
      expect(
        found.map(({k, prompt_ids, success, evals}) => [k, prompt_ids, success, evals])
      ).toEqual(alone.map(({k, prompt_ids, success, evals}) => [k, prompt_ids, success, evals]));
      found.forEach(({loss, base_loss}, i) => {
        expect(loss).toBeCloseTo(alone[i].loss, 4);
        expect(base_loss).toBeCloseTo(alone[i].base_loss, 4);
      });
    }
  });

  it("stops at the first length that reaches the target, by every method", () => {
    expect(targets()).toHaveLength(7);
    for (const target of targets())
      for (const method of ["greedy", "gcg", "random"]) {
        const found = of(method, target);
        expect(found[0]).toMatchObject({k: 0, evals: 0, prompt_ids: []});
        expect(found.slice(0, -1).every(({success}) => !success)).toBe(true);
        const {k, success} = found.at(-1)!;
        expect(success || k === 4).toBe(true);
        for (const row of found) expect(row.prompt_ids).toHaveLength(row.k);
      }
    expect(rows.filter(({success, k}) => success && k > 0).length).toBeGreaterThan(2);
    expect(rows.filter(({success}) => !success).length).toBeGreaterThan(10);
  });

  it("is never better at one token than every token tried", async () => {
    const tokens = allowedTokens(model, {printable: true});
    const truth = await exhaustive(model, state.tokens, {k: 1, tokens});
    for (const {method, k, target, loss, success} of rows) {
      if (k !== 1) continue;
      expect(loss).toBeGreaterThan(truth.targets.loss[target] - 1e-4);
      if (success) expect(truth.targets.count[target]).toBeGreaterThan(0);
      if (method === "greedy") expect(loss).toBeCloseTo(truth.targets.loss[target], 4);
    }
  });

  it("gives random prompts no fewer tries than GCG took", () => {
    const most = Math.max(...rows.filter(({method}) => method === "gcg").map(({evals}) => evals));
    expect(randomCandidates(how)).toBeGreaterThanOrEqual(most);
    const random = rows.filter(({method, k}) => method === "random" && k > 0);
    expect(new Set(random.map(({evals}) => evals))).toEqual(new Set([randomCandidates(how)]));
  });

  it("ends with the signal's reason", async () => {
    const stop = new AbortController();
    const run = async () => {
      for await (const {k} of reachabilityOf(model, state, how, {seed: 3, signal: stop.signal}))
        if (k === 1) stop.abort(new Error("enough"));
    };
    await expect(run()).rejects.toThrow("enough");
  });
});

describe("targetsOf", () => {
  it("takes the text's next token, then others by their rank, none twice", async () => {
    const found = await targetsOf(model, state, {each: 3, seed: 1});
    expect(found[0]).toMatchObject({target: 5, kind: "true-next"});
    expect(found.map(({kind}) => kind).slice(1)).toEqual([
      ...["top-75", "top-75", "top-75"],
      ...["uniform-rank", "uniform-rank", "uniform-rank"]
    ]);
    expect(new Set(found.map(({target}) => target)).size).toBe(7);
    const {logits} = await model.backend.forward({
      ...{tokens: [[28, ...state.tokens]], sites: [], edits: []},
      ...{logits: "last", top: 0, lens: 0}
    });
    for (const {target, rank, baseLoss} of found) {
      const {data} = logits!;
      expect(rank).toBe(1 + data.filter((v) => v > data[target]).length);
      const sum = data.reduce((total, v) => total + Math.exp(v), 0);
      expect(baseLoss).toBeCloseTo(Math.log(sum) - data[target], 4);
    }
  });
});

describe("statesOf", () => {
  it("cuts states of 8, 14 and 21 tokens from a window, with what follows each", () => {
    const tokens = Array.from({length: 128}, (_, i) => i);
    const window = {source: "x", tokens};
    const states = statesOf({windows: Array.from({length: 30}, () => window)});
    expect(states[0]).toEqual({place: 0, id: "0@20+8", tokens: tokens.slice(20, 28), next: 28});
    expect(states.slice(1, 4).map(({id}) => id)).toEqual(["12@40+14", "24@70+21", "7@20+8"]);
    expect(new Set(states.map(({id}) => id)).size).toBe(90);
    for (const {tokens, next} of states) expect(next).toBe(tokens.at(-1)! + 1);
  });
});
