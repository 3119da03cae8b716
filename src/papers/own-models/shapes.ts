import type {Shape} from "../../gpu/shape.js";
import type {JsonObject} from "../../model/model-file-error.js";

/** A model's files before they have values: its `config.json`, and the shape of each of its tensors. */
export interface FileShapes {
  readonly json: JsonObject;
  readonly tensors: Readonly<Record<string, Shape>>;
}

const norm = (name: string, width: number): Record<string, Shape> => ({
  [`${name}.weight`]: [width],
  [`${name}.bias`]: [width]
});

const linear = (name: string, out: number, into: number): Record<string, Shape> => ({
  [`${name}.weight`]: [out, into],
  [`${name}.bias`]: [out]
});

/** GPT-2's matrices lie the other way. */
const conv = (name: string, into: number, out: number): Record<string, Shape> => ({
  [`${name}.weight`]: [into, out],
  [`${name}.bias`]: [out]
});

const blocks = (count: number, of: (i: number) => Record<string, Shape>): Record<string, Shape> =>
  Object.assign({}, ...Array.from({length: count}, (_, i) => of(i))) as Record<string, Shape>;

/** GPT-2 small: 124 million weights in its 12 layers (Radford et al., 2019). */
export function gpt2Small(layers = 12): FileShapes {
  const [width, vocab, context] = [768, 50257, 1024];
  return {
    json: {
      ...{model_type: "gpt2", activation_function: "gelu_new", layer_norm_epsilon: 1e-5},
      ...{n_embd: width, n_head: 12, n_layer: layers, n_positions: context, vocab_size: vocab}
    },
    tensors: {
      "wte.weight": [vocab, width],
      "wpe.weight": [context, width],
      ...blocks(layers, (i) => ({
        ...norm(`h.${i}.ln_1`, width),
        ...conv(`h.${i}.attn.c_attn`, width, 3 * width),
        ...conv(`h.${i}.attn.c_proj`, width, width),
        ...norm(`h.${i}.ln_2`, width),
        ...conv(`h.${i}.mlp.c_fc`, width, 4 * width),
        ...conv(`h.${i}.mlp.c_proj`, 4 * width, width)
      })),
      ...norm("ln_f", width)
    }
  };
}

/** Pythia-70M (Biderman et al., 2023). */
export function pythia70M(): FileShapes {
  const [width, hidden, layers, vocab] = [512, 2048, 6, 50304];
  const prefix = "gpt_neox";
  return {
    json: {
      ...{model_type: "gpt_neox", hidden_act: "gelu", layer_norm_eps: 1e-5, rotary_pct: 0.25},
      ...{hidden_size: width, intermediate_size: hidden, max_position_embeddings: 2048},
      ...{num_attention_heads: 8, num_hidden_layers: layers, vocab_size: vocab},
      ...{rotary_emb_base: 10000, use_parallel_residual: true, tie_word_embeddings: false}
    },
    tensors: {
      [`${prefix}.embed_in.weight`]: [vocab, width],
      ...blocks(layers, (i) => {
        const layer = `${prefix}.layers.${i}`;
        return {
          ...norm(`${layer}.input_layernorm`, width),
          ...linear(`${layer}.attention.query_key_value`, 3 * width, width),
          ...linear(`${layer}.attention.dense`, width, width),
          ...norm(`${layer}.post_attention_layernorm`, width),
          ...linear(`${layer}.mlp.dense_h_to_4h`, hidden, width),
          ...linear(`${layer}.mlp.dense_4h_to_h`, width, hidden)
        };
      }),
      ...norm(`${prefix}.final_layer_norm`, width),
      "embed_out.weight": [vocab, width]
    }
  };
}

/** SmolLM-135M, a Llama with grouped heads (Allal et al., 2024), with some of its 30 layers. */
export function smolLm(layers: number): FileShapes {
  const sizes = {width: 576, hidden: 1536, heads: 9, kvHeads: 3, headWidth: 64, vocab: 49152};
  const llama = {model_type: "llama", rms_norm_eps: 1e-5, rope_theta: 10000};
  return gated({...sizes, layers, context: 2048}, llama);
}

/** Qwen3-0.6B (Yang et al., 2025), with some of its 28 layers. */
export function qwen3(layers: number): FileShapes {
  const sizes = {width: 1024, hidden: 3072, heads: 16, kvHeads: 8, headWidth: 128, vocab: 151936};
  const qwen = {model_type: "qwen3", rms_norm_eps: 1e-6, rope_theta: 1e6};
  return gated({...sizes, layers, context: 4096}, qwen);
}

interface Sizes {
  readonly width: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headWidth: number;
  readonly vocab: number;
  readonly layers: number;
  readonly context: number;
}

function gated(
  {width, hidden, heads, kvHeads, headWidth, vocab, layers, context}: Sizes,
  json: JsonObject
): FileShapes {
  return {
    json: {
      ...{...json, hidden_act: "silu", tie_word_embeddings: true, vocab_size: vocab},
      ...{hidden_size: width, intermediate_size: hidden, max_position_embeddings: context},
      ...{num_attention_heads: heads, num_key_value_heads: kvHeads, head_dim: headWidth},
      num_hidden_layers: layers
    },
    tensors: {
      "model.embed_tokens.weight": [vocab, width],
      ...blocks(layers, (i) => {
        const layer = `model.layers.${i}`;
        return {
          [`${layer}.input_layernorm.weight`]: [width],
          [`${layer}.self_attn.q_proj.weight`]: [heads * headWidth, width],
          [`${layer}.self_attn.k_proj.weight`]: [kvHeads * headWidth, width],
          [`${layer}.self_attn.v_proj.weight`]: [kvHeads * headWidth, width],
          ...(json.model_type === "qwen3" && {
            [`${layer}.self_attn.q_norm.weight`]: [headWidth],
            [`${layer}.self_attn.k_norm.weight`]: [headWidth]
          }),
          [`${layer}.self_attn.o_proj.weight`]: [width, heads * headWidth],
          [`${layer}.post_attention_layernorm.weight`]: [width],
          [`${layer}.mlp.gate_proj.weight`]: [hidden, width],
          [`${layer}.mlp.up_proj.weight`]: [hidden, width],
          [`${layer}.mlp.down_proj.weight`]: [width, hidden]
        };
      }),
      "model.norm.weight": [width]
    }
  };
}
