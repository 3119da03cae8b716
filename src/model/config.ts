/** The shape of a decoder-only transformer: everything the forward pass needs besides weights. */
export interface ModelConfig {
  readonly layers: number;
  /** Width of the residual stream, d_model. */
  readonly width: number;
  readonly heads: number;
  /** Heads of keys and values; divides `heads`, and is smaller under grouped-query attention. */
  readonly kvHeads: number;
  readonly headWidth: number;
  /** Width of the MLP's hidden layer, d_mlp. */
  readonly hidden: number;
  readonly vocab: number;
  /** The largest number of tokens that the model can read. */
  readonly context: number;
  readonly norm: "layernorm" | "rmsnorm";
  /** Added to the variance (LayerNorm) or the mean square (RMSNorm). */
  readonly eps: number;
  /** `gelu` is the tanh form that GPT-2 uses; `silu-gate` is SwiGLU. */
  readonly mlp: "gelu" | "silu-gate";
  /** `interleaved` rotates pairs (2i, 2i+1) as llama2.c does, `half` pairs (i, i + headWidth/2) as Hugging Face does. */
  readonly positions: "learned" | "rope-interleaved" | "rope-half";
  /** Base of the rotary frequencies; unused with learned positions. */
  readonly ropeBase: number;
}
