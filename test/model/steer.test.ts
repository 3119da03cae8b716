import {describe, expect, it} from "vitest";
import {LanguageModel} from "../../src/model/language-model.js";
import {add, scale, type Token} from "../../src/model/run.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import {letters} from "../support/letters.js";
import {seeded} from "../support/numbers.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";
import {steers} from "../support/steering.js";

describe.each([
  ["openTwin", openTwin],
  ["openWasm", openWasm]
] as const)("%s", (_, open) => {
  describe.each(SMALL_MODELS)("of a %s", (_, config) => {
    const weights = randomWeights(config, 5);
    steers(config, weights, () => open(config, weights));
  });
});

describe("LanguageModel.generate", () => {
  const [, config] = SMALL_MODELS[0];
  const weights = randomWeights(config, 5);
  const text = async (tokens: AsyncIterable<Token>) => {
    let all = "";
    for await (const {text} of tokens) all += text;
    return all;
  };

  it("takes the patches of run, by pattern", async () => {
    const model = new LanguageModel(config, letters, await openTwin(config, weights));
    const plain = await text(model.generate("ab", {count: 9, temperature: 1, seed: 3}));
    const strong = Float32Array.from(seeded(2)(config.width), (v) => 9 * v);
    const same = {"blocks.*.hook_resid_post": [add(0), scale(1)]};
    const other = {"blocks.*.hook_resid_post": add(strong, {pos: [-1]})};
    const steered = (patch: typeof same | typeof other) =>
      text(model.generate("ab", {count: 9, temperature: 1, seed: 3, patch}));
    expect(plain).toHaveLength(9);
    expect(await steered(same)).toBe(plain);
    const {predictions} = await model.run("ab", {patch: other, top: 1});
    const greedy = await text(model.generate("ab", {count: 1, patch: other}));
    expect(greedy).toBe(predictions.at(-1)![0].text);
    expect(greedy).not.toBe((await model.run("ab", {top: 1})).predictions.at(-1)![0].text);
  });
});
