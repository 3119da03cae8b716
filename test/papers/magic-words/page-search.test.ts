import {beforeAll, describe, expect, it} from "vitest";
import type {ControlledModel} from "../../../src/model/search/control.js";
import {openWasm} from "../../../src/model/wasm-backend.js";
import {pageSearch, type SearchSight} from "../../../src/papers/magic-words/page-search.js";
import {letters} from "../../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../../support/small-models.js";

const [, config] = SMALL_MODELS[0];
let model: ControlledModel;
beforeAll(async () => {
  const backend = await openWasm(config, randomWeights(config, 2));
  model = {config, tokenizer: letters, backend};
});

const asked = {
  state: "abcd",
  target: "e",
  method: "greedy",
  k: 2,
  forbidden: true,
  seed: 0
} as const;
async function sights(change: object): Promise<SearchSight[]> {
  const found: SearchSight[] = [];
  for await (const sight of pageSearch(model, {...asked, ...change})) found.push(sight);
  return found;
}

/** What the model says behind a text. */
async function natural(state: string): Promise<string> {
  const tokens = [[letters.begin!, ...letters.encode(state)]];
  const {logits} = await model.backend.forward({
    ...{tokens, sites: [], edits: [], logits: "last", top: 0, lens: 0}
  });
  return letters.token(logits!.data.indexOf(Math.max(...logits!.data)));
}

describe("pageSearch", () => {
  it("ends at once where no prompt is needed", async () => {
    const found = await sights({target: await natural("abcd")});
    expect(found).toMatchObject([{evals: 0, prompt: [], reached: true}]);
  });

  it.each(["greedy", "gcg", "random"])("%s keeps to its budget, and stops", async (method) => {
    const found = await sights({method, target: "z"});
    expect(found[0]).toMatchObject({evals: 0, prompt: []});
    const last = found.at(-1)!;
    expect(last.evals).toBeLessThanOrEqual(method === "greedy" ? 2 * 28 : 385);
    for (const {prompt, reached} of found.slice(1, -1)) {
      expect(prompt).not.toContain("z");
      if (method !== "random") expect(reached).toBe(false);
    }
  });

  it.each([
    [
      {state: ""},
      "search: state must be at least one token, so that something follows it, got none"
    ],
    [{k: 0}, "search: k must be a whole number of at least 1, so that there is a control, got 0"],
    [
      {target: "ab"},
      'search: target must be one token of this model, got "ab", which is 2: "a" "b"'
    ],
    [{target: ""}, 'search: target must be one token of this model, got "", which is 0: none'],
    [{state: "ab".repeat(400)}, "search: state must leave room for 2 tokens of control"]
  ])("refuses %j", async (change, sentence) => {
    await expect(sights(change)).rejects.toThrow(sentence);
  });
});
