import {expect, it} from "vitest";
import {forward as sample} from "../../src/kernels/sample.cpu.js";
import type {Backend} from "../../src/model/backend.js";
import type {ModelConfig} from "../../src/model/config.js";
import type {Edit} from "../../src/model/edits.js";
import {siteShape} from "../../src/model/sites.js";
import {openTwin} from "../../src/model/twin-backend.js";
import type {HostTensor, Weights} from "../../src/model/weights.js";
import {ask} from "./ask.js";
import {seeded} from "./numbers.js";

const PROMPT = [28, 3, 1, 4, 1];

/** Edits of every kind of site, some of all tokens, some of places before and after the prompt's end. */
function editLists({width, headWidth, context}: ModelConfig): Record<string, Edit[]> {
  const random = seeded(4);
  const vector = (length: number) => Float32Array.from(random(length), (v) => 9 * v);
  return {
    "a vector in every token's stream": [
      {site: "blocks.0.hook_resid_post", op: "add", value: vector(width)}
    ],
    "heads, keys and values, at some places": [
      {site: "blocks.0.attn.hook_z", op: "replace", value: 6, head: [1]},
      {site: "blocks.1.attn.hook_v", op: "add", value: vector(headWidth), pos: [-1, 7]},
      {site: "blocks.1.attn.hook_k", op: "scale", value: 3, pos: [0, 9]},
      {
        site: "blocks.1.attn.hook_z",
        op: "replace",
        value: vector(2 * headWidth),
        head: [0],
        pos: [2, 8]
      }
    ],
    "attention's scores and pattern": [
      {site: "blocks.0.attn.hook_pattern", op: "scale", value: 0.3, head: [0]},
      {site: "blocks.1.attn.hook_attn_scores", op: "scale", value: -2, pos: [1, 6, 12]},
      {
        ...{site: "blocks.1.attn.hook_attn_scores", op: "add", value: vector(2 * context)},
        ...{head: [0], pos: [3, 9]}
      },
      {site: "blocks.0.attn.hook_attn_scores", op: "add", value: vector(context), head: [2]}
    ],
    "the ends": [
      {site: "hook_embed", op: "add", value: vector(3 * width), pos: [0, 4, context - 1]},
      {site: "ln_final.hook_scale", op: "scale", value: 0.4},
      {site: "ln_final.hook_normalized", op: "add", value: vector(width), pos: [-1, 8]},
      {site: "blocks.1.mlp.hook_post", op: "replace", value: 0.5, pos: [-2, 11]}
    ]
  };
}

async function collect(tokens: AsyncIterable<number>): Promise<number[]> {
  const all: number[] = [];
  for await (const token of tokens) all.push(token);
  return all;
}

/** Generation under edits: what a full run with the same edits would sample, token by token. */
export function steers(
  config: ModelConfig,
  weights: Weights<HostTensor>,
  open: () => Promise<Backend>
): void {
  const lists = editLists(config);
  const sampling = {count: config.context, temperature: 1, topK: 0, seed: 11};

  it.each(Object.keys(lists))("samples as full runs would under edits of %s", async (name) => {
    const backend = await open();
    const twin = await openTwin(config, weights);
    const edits = lists[name];
    const fixed = edits.map((edit) => ({
      ...edit,
      ...(edit.pos && {pos: edit.pos.map((at) => (at < 0 ? at + PROMPT.length : at))})
    }));
    const sampled = await collect(backend.decode(PROMPT, sampling, edits));
    expect(sampled).toHaveLength(config.context - PROMPT.length + 1);
    const tokens = [...PROMPT];
    for (const [step, token] of sampled.entries()) {
      const {logits} = await twin.forward(
        ask([tokens], {
          logits: "last",
          edits: fixed.map((edit) => within(edit, config, tokens.length))
        })
      );
      const drawn = {logits: logits!.data, vocab: config.vocab};
      expect(sample(drawn, {...sampling, step})[0], `step ${step}`).toBe(token);
      tokens.push(token);
    }
    expect(await collect(backend.decode(PROMPT, sampling))).not.toEqual(sampled);
    backend.dispose();
  });

  it("gives the plain text for edits of no strength", async () => {
    const backend = await open();
    const nothing: Edit[] = [
      {site: "blocks.0.hook_resid_post", op: "add", value: new Float32Array(config.width)},
      {site: "blocks.1.attn.hook_z", op: "scale", value: 1, head: [0]}
    ];
    expect(await collect(backend.decode(PROMPT, sampling, nothing))).toEqual(
      await collect(backend.decode(PROMPT, sampling))
    );
    backend.dispose();
  });

  it("refuses edits that do not fit, in one sentence", async () => {
    const backend = await open();
    const decode = (edit: Edit) => collect(backend.decode(PROMPT, sampling, [edit]));
    await expect(
      decode({site: "blocks.0.hook_resid_post", op: "add", value: 1, pos: [-6]})
    ).rejects.toThrow(
      "edit of blocks.0.hook_resid_post: pos must be at least −5 to be counted from the end of the prompt, got -6"
    );
    await expect(
      decode({site: "blocks.0.hook_resid_post", op: "add", value: new Float32Array(3)})
    ).rejects.toThrow(
      `edit of blocks.0.hook_resid_post: value must be a number, ${config.width} numbers or ${config.context} × ${config.width}`
    );
    await expect(decode({site: "blocks.2.hook_resid_post", op: "add", value: 1})).rejects.toThrow(
      "must name an activation of this model"
    );
    backend.dispose();
  });
}

/** The part of an edit that a run of so many tokens has. */
function within(edit: Edit, config: ModelConfig, tokens: number): Edit {
  const {site, pos, value} = edit;
  const kept = pos?.filter((at) => at < tokens);
  if (typeof value === "number") return {...edit, pos: kept};
  const [full, channels] = [config.context, tokens].map((length) =>
    siteShape(site, config, 1, length).at(-1)!
  );
  const rows = value.length === full ? 1 : kept!.length;
  const cropped = Array.from({length: rows}, (_, row) => [
    ...value.subarray(row * full, row * full + channels)
  ]);
  return {...edit, pos: kept, value: Float32Array.from(cropped.flat())};
}
