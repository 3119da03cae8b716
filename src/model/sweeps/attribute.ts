import type {ForwardResult} from "../backend.js";
import type {ModelConfig} from "../config.js";
import type {Edit} from "../edits.js";
import {counter, type JobOptions} from "../job.js";
import {matchSites, type Site} from "../sites.js";
import {type Answers, contrastOf} from "./contrast.js";
import type {SweepModel} from "./patch-each.js";

/** What one part of the model adds to the logit difference of two answers. */
export interface Contribution {
  readonly part:
    "embedding" | "positions" | "head" | "attention bias" | "mlp" | "final norm's bias";
  readonly layer: number | null;
  readonly head: number | null;
  /** Logits; all parts together are the difference. */
  readonly contribution: number;
}

/** What a part writes into the residual stream. */
interface Part extends Omit<Contribution, "contribution"> {
  readonly vector: Float32Array;
}

/**
 * Direct logit attribution: what each part writes into the last position's residual stream, through
 * the final norm with its divisor held, as a share of the logit difference (Elhage et al., "A
 * Mathematical Framework for Transformer Circuits", 2021). An MLP's bias counts as its own.
 *
 * @throws {PromptError} if an answer is not one token.
 */
export async function attribute(
  model: SweepModel,
  prompt: string,
  {answer, wrong, ...job}: Answers & JobOptions
): Promise<Contribution[]> {
  const {config, backend, tokenizer} = model;
  const contrast = contrastOf("attribute", tokenizer, {answer, wrong});
  const tokens = model.tokenize(prompt).map(({id}) => id);
  const did = counter(3, job);
  const result = await backend.forward({
    ...{tokens: [tokens], sites: partSites(config), edits: []},
    ...{logits: "none", top: 0, lens: 0}
  });
  await did(1);
  const lastOf = (site: Site): Float32Array => {
    const {data} = result.activations.get(site)!;
    return data.slice(data.length - data.length / tokens.length);
  };
  const parts = [...streamParts(config, lastOf), ...(await attentionParts(model, lastOf))];
  await did(1);
  // the map from the stream to the logits is linear but for what the last, empty vector shows
  const vectors = [...parts.map(({vector}) => vector), new Float32Array(config.width)];
  const laid = layAlong(vectors, config);
  const logits = await backend.forward({
    ...{tokens: laid.tokens, sites: [], logits: "all", top: 0, lens: 0},
    edits: [
      replaced(`blocks.${config.layers - 1}.hook_resid_post`, laid.values),
      replaced("ln_final.hook_scale", lastOf("ln_final.hook_scale")[0])
    ]
  });
  const values = contrast(logits);
  const constant = values[parts.length];
  await did(1);
  return [
    ...parts.map(({part, layer, head}, i) => ({
      ...{part, layer, head},
      contribution: values[i] - constant
    })),
    ...(config.norm === "layernorm"
      ? [{part: "final norm's bias", layer: null, head: null, contribution: constant} as const]
      : [])
  ];
}

const replaced = (site: Site, value: number | Float32Array): Edit => ({site, op: "replace", value});

const partSites = (config: ModelConfig): Site[] => [
  "hook_embed",
  ...(config.positions === "learned" ? (["hook_pos_embed"] as const) : []),
  ...matchSites(["blocks.*.attn.hook_z", "blocks.*.hook_mlp_out"], config),
  "ln_final.hook_scale"
];

function streamParts(
  {layers, positions}: ModelConfig,
  lastOf: (site: Site) => Float32Array
): Part[] {
  const outside = {layer: null, head: null};
  return [
    {part: "embedding", ...outside, vector: lastOf("hook_embed")},
    ...(positions === "learned"
      ? [{part: "positions" as const, ...outside, vector: lastOf("hook_pos_embed")}]
      : []),
    ...Array.from({length: layers}, (_, layer) => ({
      ...{part: "mlp" as const, layer, head: null},
      vector: lastOf(`blocks.${layer}.hook_mlp_out`)
    }))
  ];
}

/** Each head's output by itself, and the output's bias: what attention writes when only one head has a z, and when none has. */
async function attentionParts(
  {config, backend}: SweepModel,
  lastOf: (site: Site) => Float32Array
): Promise<Part[]> {
  const {layers, heads, headWidth, width} = config;
  const every = Array.from({length: layers}, (_, layer) => layer);
  const laidOut = every.map((layer) => {
    const z = lastOf(`blocks.${layer}.attn.hook_z`);
    const alone = Array.from({length: heads + 1}, (_, head) => {
      const only = new Float32Array(heads * headWidth);
      if (head < heads)
        only.set(z.subarray(head * headWidth, (head + 1) * headWidth), head * headWidth);
      return only;
    });
    return layAlong(alone, config);
  });
  const {activations}: ForwardResult = await backend.forward({
    tokens: laidOut[0].tokens,
    sites: matchSites(["blocks.*.hook_attn_out"], config),
    edits: laidOut.map(({values}, layer) => replaced(`blocks.${layer}.attn.hook_z`, values)),
    ...{logits: "none", top: 0, lens: 0}
  });
  return every.flatMap((layer): Part[] => {
    const {data} = activations.get(`blocks.${layer}.hook_attn_out`)!;
    const row = (n: number) => data.subarray(n * width, (n + 1) * width);
    const bias = row(heads);
    const outputs = Array.from({length: heads}, (_, head) => ({
      ...{part: "head" as const, layer, head},
      vector: row(head).map((v, c) => v - bias[c])
    }));
    return bias.some((v) => v !== 0)
      ? [...outputs, {part: "attention bias", layer, head: null, vector: bias}]
      : outputs;
  });
}

/** Vectors as the rows of a pass over tokens that do not matter, filled up with zeros. */
function layAlong(
  vectors: readonly Float32Array[],
  {context}: ModelConfig
): {readonly tokens: number[][]; readonly values: Float32Array} {
  const length = Math.min(vectors.length, context);
  const batch = Math.ceil(vectors.length / length);
  const channels = vectors[0].length;
  const values = new Float32Array(batch * length * channels);
  vectors.forEach((vector, n) => values.set(vector, n * channels));
  return {
    tokens: Array.from({length: batch}, () => Array<number>(length).fill(0)),
    values
  };
}
