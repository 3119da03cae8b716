import type {LmConfig} from "./lm-config.js";

/**
 * The keys of a Hugging Face `GPT2Config`.
 *
 * @param begin The token that begins and ends a text, where there is one.
 */
export const gpt2Json = (
  {depth, heads, width, context, vocab}: LmConfig,
  begin: number | null = null
) => ({
  architectures: ["GPT2LMHeadModel"],
  model_type: "gpt2",
  n_layer: depth,
  n_head: heads,
  n_embd: width,
  n_positions: context,
  n_ctx: context,
  n_inner: null,
  vocab_size: vocab,
  layer_norm_epsilon: 1e-5,
  activation_function: "gelu_new",
  tie_word_embeddings: true,
  bos_token_id: begin,
  eos_token_id: begin
});
