import {beforeAll, describe, expect, it} from "vitest";
import type {GradientOf} from "../../src/model/gradient.js";
import {LanguageModel} from "../../src/model/language-model.js";
import {add, scale} from "../../src/model/run.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {ask} from "../support/ask.js";
import {letters} from "../support/letters.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

const [, config] = SMALL_MODELS[0];
const SITE = "blocks.1.hook_resid_pre";
let lm: LanguageModel;
beforeAll(async () => {
  lm = new LanguageModel(config, letters, await openTwin(config, randomWeights(config, 5)));
});

/** Logits, and log-probabilities, of every position. */
async function rowsOf(prompt: string) {
  const ids = lm.tokenize(prompt).map(({id}) => id);
  const {data} = (await lm.backend.forward(ask([ids]))).logits!;
  const logits = ids.map((_, i) => data.subarray(i * config.vocab, (i + 1) * config.vocab));
  const probabilities = logits.map((row) => {
    const total = row.reduce((sum, v) => sum + Math.exp(v), 0);
    return Array.from(row, (v) => v - Math.log(total));
  });
  return {ids, logits, probabilities};
}

describe("lm.grad", () => {
  it("has the value that a run gives, of each kind of number", async () => {
    const {ids, logits, probabilities} = await rowsOf("the cat");
    const value = async (of: GradientOf) => (await lm.grad("the cat", {of})).value;
    const [q, t] = letters.encode("qt");
    expect(await value({logit: "q"})).toBeCloseTo(logits.at(-1)![q], 5);
    expect(await value({logit: "q", minus: "t", pos: 2})).toBeCloseTo(
      logits[2][q] - logits[2][t],
      5
    );
    expect(await value({logProb: "t", pos: -2})).toBeCloseTo(probabilities.at(-2)![t], 5);
    const next = ids.slice(1).map((id, i) => -probabilities[i][id]);
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v / values.length, 0);
    expect(await value({loss: true})).toBeCloseTo(mean(next), 5);
    expect(await value({loss: [q, t]})).toBeCloseTo(
      -mean([probabilities.at(-2)![q], probabilities.at(-1)![t]]),
      5
    );
  });

  it.each<[string, GradientOf]>([
    ["a logit", {logit: "q", pos: 3}],
    ["a logit difference", {logit: "q", minus: "t"}],
    ["a log-probability", {logProb: "q"}],
    ["the prompt's own loss", {loss: true}],
    ["the loss of given tokens", {loss: [3, 4, 5]}]
  ])("says what a small change of an activation does to %s", async (_, of) => {
    const found = await lm.grad("the cat", {of, at: ["blocks.*.hook_resid_pre"]});
    expect([...found.activations.keys()]).toEqual(["blocks.0.hook_resid_pre", SITE]);
    const {grad} = found.activation(SITE);
    const along = grad.map((v) => 1e-3 * v);
    const [above, below] = await Promise.all(
      [1, -1].map((sign) =>
        lm.grad("the cat", {of, patch: {[SITE]: add(along.map((v) => sign * v))}})
      )
    );
    const expected = 1e-3 * grad.reduce((sum, g) => sum + g * g, 0);
    expect(expected).toBeGreaterThan(0);
    expect((above.value - below.value) / 2 / expected).toBeCloseTo(1, 3);
  });

  it("gives each activation beside its gradient, as a run gives it", async () => {
    const found = await lm.grad("the cat", {of: {logit: "q"}, at: [SITE, "blocks.0.attn.hook_z"]});
    const run = await lm.run("the cat", {cache: [SITE, "blocks.0.attn.hook_z"]});
    for (const site of [SITE, "blocks.0.attn.hook_z"] as const) {
      const {grad, ...activation} = found.activation(site);
      expect(activation).toEqual(run.activation(site));
      expect(grad.length).toBe(activation.data.length);
    }
    expect(found.tokens).toEqual(run.tokens);
  });

  it("is of the changed model under patches", async () => {
    const options = {of: {logit: "q"}, at: ["hook_embed"]} as const;
    const [plain, doubled] = await Promise.all([
      lm.grad("the", options),
      lm.grad("the", {...options, patch: {hook_embed: scale(2)}})
    ]);
    const run = await lm.run("the", {patch: {hook_embed: scale(2)}, top: config.vocab});
    expect(run.predictions.at(-1)!.length).toBe(config.vocab);
    expect(doubled.value).not.toBeCloseTo(plain.value, 2);
    expect(doubled.activation("hook_embed").data).toEqual(
      plain.activation("hook_embed").data.map((v) => 2 * v)
    );
  });

  it("says what more of another token would do, with a one-hot gradient", async () => {
    const found = await lm.grad("the cat", {
      of: {logProb: "q"},
      at: ["hook_embed"],
      oneHot: true
    });
    expect(found.oneHot!.shape).toEqual([1, 8, config.vocab]);
    const {embedding} = randomWeights(config, 5);
    const {grad} = found.activation("hook_embed");
    const dot = (pos: number, token: number) =>
      Array.from({length: config.width}, (_, c) => c).reduce(
        (sum, c) => sum + grad[pos * config.width + c] * embedding.data[token * config.width + c],
        0
      );
    for (const [pos, token] of [
      [0, 0],
      [3, 17],
      [7, 28]
    ])
      expect(found.oneHot!.data[pos * config.vocab + token]).toBeCloseTo(dot(pos, token), 5);
    expect((await lm.grad("the", {of: {logit: "q"}})).oneHot).toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "a logit of several tokens",
      () => lm.grad("the", {of: {logit: "qt"}}),
      'grad: logit must be one token to have one logit, got 2: "q", "t"'
    ],
    [
      "a position that is not there",
      () => lm.grad("the", {of: {logit: "q", pos: 4}}),
      "grad: pos must be in 0 … 3 (or negative from the end), got 4"
    ],
    [
      "more targets than tokens",
      () => lm.grad("a", {of: {loss: [1, 2, 3]}}),
      "grad: loss must be true, or 1 … 2 token ids for as many of the prompt's tokens, got [1,2,3]"
    ],
    [
      "a target that is no token",
      () => lm.grad("a", {of: {loss: [29]}}),
      "grad: loss must be of token ids in 0 … 28, got 29"
    ],
    ["an empty prompt", () => lm.grad("", {of: {loss: true}}), "prompt: must be at least one"],
    [
      "a site that is not there",
      () => lm.grad("a", {of: {logit: "q"}, at: ["blocks.9.hook_resid_pre"]}),
      'site: "blocks.9.hook_resid_pre" must name an activation of this model'
    ],
    [
      "an activation that was not asked for",
      async () => (await lm.grad("a", {of: {logit: "q"}, at: [SITE]})).activation("hook_embed"),
      `grad: "hook_embed" must be among the activations it was taken at (at: ["hook_embed"]), got ${SITE}`
    ]
  ])("refuses %s", async (_, work, message) => {
    await expect(work()).rejects.toThrow(message);
  });
});

describe("lm.attributePatches", () => {
  const pair = {clean: "the cat", corrupt: "the dog", answer: "q", wrong: "t"};

  it.each(["blocks.*.hook_resid_pre", "blocks.1.attn.hook_z"] as const)(
    "multiplies the difference of %s by the corrupt prompt's gradient",
    async (site) => {
      const cells = await lm.attributePatches({...pair, site});
      const found = await lm.grad("the dog", {of: {logit: "q", minus: "t"}, at: [site]});
      const run = await lm.run("the cat", {cache: [site]});
      const sums = [...found.activations].flatMap(([one, {shape, data}]) => {
        const rows = shape.length === 4 ? shape[2] : shape[1];
        const sum = new Float64Array(rows);
        const channels = shape.at(-1)!;
        data.forEach((v, i) => {
          const row = Math.floor(i / channels) % rows;
          sum[row] += (run.activation(one).data[i] - v) * found.activation(one).grad[i];
        });
        return [...sum];
      });
      expect(cells).toHaveLength(sums.length);
      cells.forEach((cell, i) => expect(cell.difference).toBeCloseTo(found.value + sums[i], 5));
    }
  );

  it("has patchEach's cells, and its scale", async () => {
    const [estimated, patched] = [await lm.attributePatches(pair), await lm.patchEach(pair)];
    const without = (cells: typeof patched) =>
      cells.map(({difference: _, recovered: __, ...cell}) => cell);
    expect(without(estimated)).toEqual(without(patched));
    const [, bottom] = await Promise.all(
      [pair.clean, pair.corrupt].map((prompt) => lm.grad(prompt, {of: {logit: "q", minus: "t"}}))
    );
    const scaleOf = ({difference, recovered}: (typeof patched)[number]) =>
      (difference - bottom.value) / recovered;
    const at = patched.findIndex(({pos}) => pos === 6);
    expect(scaleOf(estimated[at])).toBeCloseTo(scaleOf(patched[at]), 3);
  });

  it("refuses what patchEach refuses, in its own name", async () => {
    await expect(lm.attributePatches({...pair, corrupt: "the dogs"})).rejects.toThrow(
      "attributePatches: clean and corrupt must have equally many tokens so that their positions match, got 8 and 9"
    );
  });
});
