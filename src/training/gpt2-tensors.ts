import {transpose} from "../model/named-tensors.js";
import type {HostTensor, Linear, Weights} from "../model/weights.js";

/** A model's weights under the names and in the layouts of a Hugging Face GPT-2: `gpt2Weights` undone. */
export function gpt2Tensors(weights: Weights<HostTensor>): ReadonlyMap<string, HostTensor> {
  const tensors = new Map<string, HostTensor>();
  const put = (name: string, tensor: HostTensor) => tensors.set(`transformer.${name}`, tensor);
  const linear = (name: string, {weight, bias}: Linear<HostTensor>) => {
    put(`${name}.weight`, transpose(weight));
    put(`${name}.bias`, bias!);
  };
  put("wte.weight", weights.embedding);
  put("wpe.weight", weights.positions!);
  weights.blocks.forEach(({norm1, query, key, value, output, norm2, up, down}, i) => {
    const parts = [query, key, value];
    put(`h.${i}.ln_1.weight`, norm1.gain);
    put(`h.${i}.ln_1.bias`, norm1.bias!);
    linear(`h.${i}.attn.c_attn`, {
      weight: stacked(parts.map(({weight}) => weight)),
      bias: stacked(parts.map(({bias}) => bias!))
    });
    linear(`h.${i}.attn.c_proj`, output);
    put(`h.${i}.ln_2.weight`, norm2.gain);
    put(`h.${i}.ln_2.bias`, norm2.bias!);
    linear(`h.${i}.mlp.c_fc`, up);
    linear(`h.${i}.mlp.c_proj`, down);
  });
  put("ln_f.weight", weights.finalNorm.gain);
  put("ln_f.bias", weights.finalNorm.bias!);
  return tensors;
}

/** Tensors of one width, one under the other. */
function stacked(tensors: readonly HostTensor[]): HostTensor {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let at = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, at);
    at += tensor.data.length;
  }
  const rows = tensors.reduce((sum, {shape}) => sum + shape[0], 0);
  return {shape: [rows, ...tensors[0].shape.slice(1)], data};
}
