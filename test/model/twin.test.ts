import {describe, expect, it} from "vitest";
import type {Backend, ForwardRequest} from "../../src/model/backend.js";
import type {ModelConfig} from "../../src/model/config.js";
import type {Site} from "../../src/model/sites.js";
import {openTwin} from "../../src/model/twin-backend.js";
import type {HostTensor, Weights} from "../../src/model/weights.js";
import {ask} from "../support/ask.js";
import {continuation, likeliest} from "../support/backends.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

/** One layer, width 2, one head: every number below can be worked out on paper. */
const CONFIG: ModelConfig = {
  layers: 1,
  width: 2,
  heads: 1,
  kvHeads: 1,
  headWidth: 2,
  hidden: 1,
  vocab: 2,
  context: 2,
  norm: "layernorm",
  eps: 0,
  mlp: "gelu",
  positions: "learned",
  ropeBase: 10000
};

const tensor = (shape: readonly number[], ...data: number[]): HostTensor => ({
  shape,
  data: Float32Array.from(data)
});
const identity = () => ({weight: tensor([2, 2], 1, 0, 0, 1), bias: tensor([2], 0, 0)});
const plainNorm = () => ({gain: tensor([2], 1, 1), bias: tensor([2], 0, 0)});
const embedding = tensor([2, 2], 3, 1, 0, 2);
const WEIGHTS: Weights<HostTensor> = {
  embedding,
  positions: tensor([2, 2], 0, 0, 1, 0),
  blocks: [
    {
      norm1: plainNorm(),
      query: identity(),
      key: identity(),
      value: identity(),
      output: identity(),
      norm2: plainNorm(),
      up: {weight: tensor([1, 2], 1, -1), bias: tensor([1], 0)},
      down: {weight: tensor([2, 1], 1, 0), bias: tensor([2], 0, 1)}
    }
  ],
  finalNorm: {gain: tensor([2], 2, 1), bias: tensor([2], 0, 0.5)},
  unembedding: embedding
};

// Residuals (3, 1) and (0, 2) + (1, 0). LayerNorm of two numbers gives ±1: (1, −1) and (−1, 1).
// The second token scores −√2 with the first and √2 with itself: z = tanh(√2)·(−1, 1).
const T = Math.tanh(Math.SQRT2);
// The hidden unit is 1 − (−1) = 2 and −2; gelu(±2), tanh form.
const gelu = (v: number) => (v / 2) * (1 + Math.tanh(0.7978845608 * (v + 0.044715 * v ** 3)));
const BY_HAND: Partial<Record<Site, number[]>> = {
  hook_embed: [3, 1, 0, 2],
  hook_pos_embed: [0, 0, 1, 0],
  "blocks.0.hook_resid_pre": [3, 1, 1, 2],
  "blocks.0.ln1.hook_scale": [1, 0.5],
  "blocks.0.ln1.hook_normalized": [1, -1, -1, 1],
  "blocks.0.attn.hook_attn_scores": [Math.SQRT2, -1e30, -Math.SQRT2, Math.SQRT2],
  "blocks.0.attn.hook_pattern": [1, 0, (1 - T) / 2, (1 + T) / 2],
  "blocks.0.attn.hook_z": [1, -1, -T, T],
  "blocks.0.hook_resid_mid": [4, 0, 1 - T, 2 + T],
  "blocks.0.mlp.hook_pre": [2, -2],
  "blocks.0.mlp.hook_post": [gelu(2), gelu(-2)],
  "blocks.0.hook_resid_post": [4 + gelu(2), 1, 1 - T + gelu(-2), 3 + T],
  "ln_final.hook_normalized": [2, -0.5, -2, 1.5]
};
const LOGITS = [5.5, -1, -4.5, 3];

function expectValues(actual: HostTensor | undefined, expected: number[], name: string): void {
  expect(actual, name).toBeDefined();
  expect(actual!.data.length, name).toBe(expected.length);
  expected.forEach((value, i) => {
    const allowed = 1e-6 * Math.max(1, Math.abs(value));
    expect(Math.abs(actual!.data[i] - value), `${name}[${i}]`).toBeLessThanOrEqual(allowed);
  });
}

describe("openTwin(config, weights) on a model worked by hand", () => {
  const run = async (request: Partial<ForwardRequest>) =>
    (await openTwin(CONFIG, WEIGHTS)).forward(ask([[0, 1]], request));

  it("gives the activations and logits worked by hand", async () => {
    const sites = Object.keys(BY_HAND) as Site[];
    const {activations, logits} = await run({sites});
    for (const site of sites) expectValues(activations.get(site), BY_HAND[site]!, site);
    expectValues(logits, LOGITS, "logits");
  });

  it("gives the last position's logits when asked for the last", async () => {
    const {logits} = await run({logits: "last"});
    expect(logits!.shape).toEqual([1, 1, 2]);
    expectValues(logits, LOGITS.slice(2), "logits");
  });

  it("ranks next tokens, and reads the lens off each residual stream", async () => {
    const {top, lens, logits} = await run({logits: "none", top: 5, lens: 1});
    expect(logits).toBeUndefined();
    expect(top!.k).toBe(2);
    expect([...top!.ids]).toEqual([0, 1, 1, 0]);
    const lost = (gap: number) => -Math.log1p(Math.exp(-gap));
    const expected = [lost(6.5), lost(6.5) - 6.5, lost(7.5), lost(7.5) - 7.5];
    expectValues({shape: [2, 2], data: top!.logProbs}, expected, "top");
    expect([...lens!.ids]).toEqual([0, 1, 0, 1]);
    expectValues(
      {shape: [4, 1], data: lens!.logProbs},
      [lost(6.5), lost(7.5), lost(6.5), lost(7.5)],
      "lens"
    );
  });

  it("mixes values by an edited pattern", async () => {
    const {activations} = await run({
      sites: ["blocks.0.attn.hook_z", "blocks.0.hook_resid_mid"],
      edits: [
        {
          site: "blocks.0.attn.hook_pattern",
          op: "replace",
          value: Float32Array.of(1, 0),
          pos: [-1]
        }
      ]
    });
    expectValues(activations.get("blocks.0.attn.hook_z"), [1, -1, 1, -1], "z");
    expectValues(activations.get("blocks.0.hook_resid_mid"), [4, 0, 2, 1], "resid_mid");
  });

  it("divides by an edited scale", async () => {
    const {activations} = await run({
      sites: ["blocks.0.ln1.hook_normalized"],
      edits: [{site: "blocks.0.ln1.hook_scale", op: "scale", value: 2, pos: [1]}]
    });
    expectValues(activations.get("blocks.0.ln1.hook_normalized"), [1, -1, -0.5, 0.5], "normalized");
  });

  it("applies edits of one site in the order given", async () => {
    const site = "blocks.0.hook_resid_post";
    const {activations} = await run({
      sites: [site],
      edits: [
        {site, op: "replace", value: 5},
        {site, op: "add", value: Float32Array.of(1, 2), pos: [0]},
        {site, op: "scale", value: 3}
      ]
    });
    expectValues(activations.get(site), [18, 21, 15, 15], site);
  });

  it("refuses what does not fit the model, in one sentence", async () => {
    await expect(run({tokens: [[]]})).rejects.toThrow(
      "prompt: must be at least one token, got none"
    );
    await expect(run({sites: ["blocks.1.hook_resid_pre"]})).rejects.toThrow(
      'site: "blocks.1.hook_resid_pre" must name an activation of this model'
    );
    await expect(
      run({edits: [{site: "blocks.0.attn.hook_rot_q", op: "add", value: 1}]})
    ).rejects.toThrow('site: "blocks.0.attn.hook_rot_q" must name an activation of this model');
  });
});

describe.each(SMALL_MODELS)("openTwin(%s)", (_, config) => {
  const weights = randomWeights(config, 11);
  const open = (): Promise<Backend> => openTwin(config, weights);

  it("decodes with a cache what repeated forward passes give", async () => {
    const twin = await open();
    const tokens = [4, 8, 15];
    const decoded = await continuation(twin, tokens, {count: config.context});
    expect(decoded).toHaveLength(config.context - tokens.length + 1);
    for (const token of decoded) {
      expect(await likeliest(twin, tokens)).toBe(token);
      tokens.push(token);
    }
  });

  it("gives the same last logits of each sequence, whatever else is asked for", async () => {
    const twin = await open();
    const tokens = [
      [1, 2, 3],
      [7, 0, 28]
    ];
    const all = (await twin.forward(ask(tokens))).logits!.data;
    const {vocab} = config;
    const expected = [...all.subarray(2 * vocab, 3 * vocab), ...all.subarray(5 * vocab)];
    for (const top of [0, 1]) {
      const {logits} = await twin.forward(ask(tokens, {logits: "last", top}));
      expect(logits!.shape).toEqual([2, 1, vocab]);
      expect([...logits!.data]).toEqual(expected);
    }
  });

  it("leaves activations before an edit as they were, and changes those after", async () => {
    const twin = await open();
    const before: Site[] = ["blocks.0.attn.hook_z", "blocks.0.hook_resid_post"];
    const after: Site[] = ["blocks.1.hook_resid_pre", "blocks.1.hook_resid_post"];
    const sites = [...before, ...after];
    const plain = await twin.forward(ask([[1, 2, 3]], {sites}));
    const edited = await twin.forward(
      ask([[1, 2, 3]], {sites, edits: [{site: "blocks.1.hook_resid_pre", op: "add", value: 1}]})
    );
    const same = (site: Site) =>
      edited.activations
        .get(site)!
        .data.every((v, i) => v === plain.activations.get(site)!.data[i]);
    expect(before.map(same)).toEqual([true, true]);
    expect(after.map(same)).toEqual([false, false]);
  });
});
