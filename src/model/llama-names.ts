import type {ModelConfig} from "./config.js";
import {ConfigFields} from "./config-fields.js";
import {isJsonObject, type JsonObject} from "./model-file-error.js";
import {type NamedTensors, TensorTaker} from "./named-tensors.js";
import {type Block, expectedShapes, type HostTensor, type Linear, type Weights} from "./weights.js";

/**
 * The shape of a Llama from its Hugging Face `config.json` (transformers, `LlamaConfig`).
 *
 * @throws {ModelFileError} naming the first field that cannot be used.
 */
export function llamaConfig(json: JsonObject): ModelConfig {
  const fields = new ConfigFields(json);
  fields.known("hidden_act", "silu");
  fields.known("attention_bias", false);
  fields.known("mlp_bias", false);
  fields.known("partial_rotary_factor", 1);
  const width = fields.whole("hidden_size");
  const heads = fields.whole("num_attention_heads");
  const kvHeads = fields.whole("num_key_value_heads", heads);
  if (heads % kvHeads !== 0)
    fields.fail("num_key_value_heads", `a divisor of num_attention_heads ${heads}`, kvHeads);
  if (json.head_dim == null && width % heads !== 0)
    fields.fail("num_attention_heads", `a divisor of hidden_size ${width}`, heads);
  const headWidth = fields.whole("head_dim", width / heads);
  if (headWidth % 2 !== 0) fields.fail("head_dim", "even, for rotary positions", headWidth);
  return {
    layers: fields.whole("num_hidden_layers", undefined, 1024),
    width,
    heads,
    kvHeads,
    headWidth,
    hidden: fields.whole("intermediate_size"),
    vocab: fields.whole("vocab_size"),
    context: fields.whole("max_position_embeddings"),
    norm: "rmsnorm",
    eps: fields.positive("rms_norm_eps", 1e-6),
    mlp: "silu-gate",
    positions: "rope-half",
    ropeBase: ropeBase(fields)
  };
}

// transformers 4 writes rope_theta and rope_scaling, transformers 5 puts both in rope_parameters.
function ropeBase(fields: ConfigFields): number {
  for (const name of ["rope_scaling", "rope_parameters"]) {
    const rope = fields.json[name] ?? {};
    if (!isJsonObject(rope)) fields.fail(name, "an object", rope);
    const inner = new ConfigFields(rope, `${fields.file}: ${name}`);
    inner.known("type", "default");
    inner.known("rope_type", "default");
    if (rope.rope_theta != null) return inner.positive("rope_theta", 10000);
  }
  return fields.positive("rope_theta", 10000);
}

/**
 * A Llama's weights by their Hugging Face names.
 *
 * @throws {ModelFileError} naming a tensor that is missing, of a wrong shape or unknown.
 */
export function llamaWeights(
  json: JsonObject,
  config: ModelConfig,
  tensors: NamedTensors
): Weights<HostTensor> {
  const taker = new TensorTaker(tensors);
  const tied = new ConfigFields(json).flag("tie_word_embeddings", false);
  const shapes = expectedShapes(config);
  const take = (name: string, ours: string) => taker.take(`${name}.weight`, shapes.get(ours)!);
  const block = (i: number): Block<HostTensor> => {
    const layer = `model.layers.${i}`;
    const linear = (name: string, ours: string): Linear<HostTensor> => ({
      weight: take(`${layer}.${name}_proj`, `blocks.${i}.${ours}.weight`)
    });
    const norm = (name: string, ours: string) => ({
      gain: take(`${layer}.${name}_layernorm`, `blocks.${i}.${ours}.gain`)
    });
    return {
      norm1: norm("input", "norm1"),
      query: linear("self_attn.q", "query"),
      key: linear("self_attn.k", "key"),
      value: linear("self_attn.v", "value"),
      output: linear("self_attn.o", "output"),
      norm2: norm("post_attention", "norm2"),
      gate: linear("mlp.gate", "gate"),
      up: linear("mlp.up", "up"),
      down: linear("mlp.down", "down")
    };
  };
  const embedding = take("model.embed_tokens", "embedding");
  const weights = {
    embedding,
    blocks: Array.from({length: config.layers}, (_, i) => block(i)),
    finalNorm: {gain: take("model.norm", "finalNorm.gain")},
    unembedding: tied ? embedding : take("lm_head", "unembedding")
  };
  taker.finish(
    (name) => name.endsWith("rotary_emb.inv_freq") || (tied && name === "lm_head.weight")
  );
  return weights;
}
