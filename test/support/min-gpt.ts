import {readFileSync} from "node:fs";
import {gpt2Config, gpt2Weights} from "../../src/model/gpt2-names.js";
import {transpose} from "../../src/model/named-tensors.js";
import type {HostTensor} from "../../src/model/weights.js";
import {shared} from "./shared.js";

/** Where llm-viz's tensors lie, base64 f32 in JSON. */
interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: string;
}

/** A stored tensor in host memory. */
export function storedTensor({shape, data}: StoredTensor): HostTensor {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  return {shape, data: new Float32Array(bytes.buffer)};
}

/** minGPT keeps these as `[out, in]`, GPT-2's files as `[in, out]`. */
const LINEAR = /\.(c_attn|c_proj|c_fc)\.weight$/;

/** gpt-nano-sort, of `../shared/models`: a minGPT that sorts six symbols of three. */
export function readNanoSort() {
  const {config: given, ...stored} = JSON.parse(
    readFileSync(shared("models/gpt-nano-sort/model.json"), "utf8")
  ) as {config: Record<string, string | number>} & Record<string, StoredTensor>;
  const json = {
    n_layer: Number(given.n_layer),
    n_head: Number(given.n_head),
    n_embd: Number(given.n_embd),
    vocab_size: Number(given.vocab_size),
    n_positions: Number(given.block_size),
    tie_word_embeddings: false
  };
  const tensors = new Map(
    Object.entries(stored).map(([name, value]) => {
      const tensor = storedTensor(value);
      return [name, LINEAR.test(name) ? transpose(tensor) : tensor];
    })
  );
  const config = gpt2Config(json);
  const named = {entries: tensors, tensor: (name: string) => tensors.get(name)!};
  return {config, weights: gpt2Weights(json, config, named)};
}
