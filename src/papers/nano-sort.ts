import type {ModelConfig} from "../model/config.js";
import {gpt2Config, gpt2Weights} from "../model/gpt2-names.js";
import {parseJsonObject} from "../model/model-file-error.js";
import {transpose} from "../model/named-tensors.js";
import type {HostTensor, Weights} from "../model/weights.js";

/** How llm-viz stores a tensor: base64 f32 in JSON. */
interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: string;
}

type Stored = Readonly<Record<string, StoredTensor>>;

export function storedTensor({shape, data}: StoredTensor): HostTensor {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return {shape, data: new Float32Array(bytes.buffer)};
}

// minGPT keeps these as `[out, in]`, GPT-2's files as `[in, out]`.
const LINEAR = /\.(c_attn|c_proj|c_fc)\.weight$/;

export interface NanoSort {
  readonly config: ModelConfig;
  readonly weights: Weights<HostTensor>;
}

/**
 * gpt-nano-sort of llm-viz (bbycroft/llm-viz): a minGPT of three layers that reads six symbols of
 * three and writes them sorted.
 */
export function parseNanoSort(model: Uint8Array): NanoSort {
  const {config: given, ...stored} = parseJsonObject(model, "model.json");
  const {n_layer, n_head, n_embd, vocab_size, block_size} = given as Record<string, unknown>;
  const json = {
    n_layer: Number(n_layer),
    n_head: Number(n_head),
    n_embd: Number(n_embd),
    vocab_size: Number(vocab_size),
    n_positions: Number(block_size),
    tie_word_embeddings: false
  };
  const entries = new Map(
    Object.entries(stored as Stored).map(([name, value]) => {
      const tensor = storedTensor(value);
      return [name, LINEAR.test(name) ? transpose(tensor) : tensor];
    })
  );
  const config = gpt2Config(json);
  const named = {entries, tensor: (name: string) => entries.get(name)!};
  return {config, weights: gpt2Weights(json, config, named)};
}

/** The activations of a PyTorch run of gpt-nano-sort on three inputs, by our names where they have one. */
export interface NanoSortRun {
  /** Token ids `[3][11]`. */
  readonly tokens: readonly (readonly number[])[];
  /** Our site, and its values; heads come before positions in `q`, `k` and `v`, as PyTorch has them. */
  readonly activations: ReadonlyMap<string, HostTensor>;
}

// Their name, and ours. `att` before the mask is applied and the merged `qkv` are not sites of ours.
const SITES: Readonly<Record<string, string>> = {
  tok_emb: "hook_embed",
  x: "blocks.0.hook_resid_pre",
  ln1: "blocks.0.ln1.hook_normalized",
  q: "blocks.0.attn.hook_q",
  k: "blocks.0.attn.hook_k",
  v: "blocks.0.attn.hook_v",
  attSm: "blocks.0.attn.hook_pattern",
  y: "blocks.0.attn.hook_z",
  yProj: "blocks.0.hook_attn_out",
  attnResid: "blocks.0.hook_resid_mid",
  ln2: "blocks.0.ln2.hook_normalized",
  fc: "blocks.0.mlp.hook_pre",
  gelu: "blocks.0.mlp.hook_post",
  mlp: "blocks.0.hook_mlp_out",
  mlpResid: "blocks.0.hook_resid_post",
  block1: "blocks.1.hook_resid_post",
  block2: "blocks.2.hook_resid_post",
  ln_f: "ln_final.hook_normalized",
  lm_head: "logits"
};

export function parseNanoSortRun(activations: Uint8Array): NanoSortRun {
  const stored = parseJsonObject(activations, "activations.json") as Stored;
  const {shape, data} = storedTensor(stored.idx);
  const [sequences, length] = shape;
  return {
    tokens: Array.from({length: sequences}, (_, i) => [
      ...data.subarray(i * length, (i + 1) * length)
    ]),
    activations: new Map(
      Object.entries(SITES).map(([theirs, ours]) => {
        const tensor = storedTensor(stored[theirs]);
        return [ours, /^[qkv]$/.test(theirs) ? swapMiddle(tensor) : tensor];
      })
    )
  };
}

/** `[a, b, c, d]` to `[a, c, b, d]`. */
function swapMiddle({shape: [a, b, c, d], data}: HostTensor): HostTensor {
  const swapped = new Float32Array(data.length);
  for (let i = 0; i < a * b * c; i++) {
    const [outer, j, k] = [Math.floor(i / (b * c)), Math.floor(i / c) % b, i % c];
    swapped.set(data.subarray(i * d, (i + 1) * d), ((outer * c + k) * b + j) * d);
  }
  return {shape: [a, c, b, d], data: swapped};
}
