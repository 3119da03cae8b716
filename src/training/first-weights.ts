import {size} from "../gpu/shape.js";
import {normals} from "../kernels/normals.js";
import type {HostTensor} from "../model/weights.js";
import type {LmConfig} from "./lm-config.js";

/**
 * A GPT-2's weights before training, by their Hugging Face names. Matrices are normal, narrower the
 * more inputs they have, and what writes to the residual stream narrower the more layers do. Positions
 * begin as sinusoids, which brings the heads that look one token back, and with them induction,
 * forward.
 */
export function firstWeights(config: LmConfig): ReadonlyMap<string, HostTensor> {
  const {width, depth, context, vocab} = config;
  const weights = new Map<string, HostTensor>();
  const put = (
    name: string,
    shape: readonly number[],
    value: (index: number) => number
  ): Map<string, HostTensor> =>
    weights.set(name, {shape, data: Float32Array.from({length: size(shape)}, (_, i) => value(i))});

  const draw = normals(config.seed);
  const linear = (name: string, inputs: number, outputs: number, shrink = 1) => {
    const spread = 0.5 / Math.sqrt(inputs) / shrink;
    put(`${name}.weight`, [inputs, outputs], () => spread * draw());
    put(`${name}.bias`, [outputs], () => 0);
  };
  const norm = (name: string) => {
    put(`${name}.weight`, [width], () => 1);
    put(`${name}.bias`, [width], () => 0);
  };
  const writers = Math.sqrt(2 * depth);

  put("wte.weight", [vocab, width], () => 0.1 * draw());
  put("wpe.weight", [context, width], (i) => {
    const odd = i % 2;
    const angle = Math.floor(i / width) * (4 * context) ** (-((i % width) - odd) / width);
    return 0.1 * (odd === 0 ? Math.sin(angle) : Math.cos(angle));
  });
  for (let layer = 0; layer < depth; layer++) {
    const h = `h.${layer}`;
    norm(`${h}.ln_1`);
    linear(`${h}.attn.c_attn`, width, 3 * width);
    linear(`${h}.attn.c_proj`, width, width, writers);
    norm(`${h}.ln_2`);
    linear(`${h}.mlp.c_fc`, width, 4 * width);
    linear(`${h}.mlp.c_proj`, 4 * width, width, writers);
  }
  norm("ln_f");
  return weights;
}
