import type {Cut} from "./cut.js";
import {dot, errorAt, firing, type FrozenPass, rowOf} from "./frozen-pass.js";
import {type Look, patternAt, throughOutput, valueProduct} from "./heads.js";

/** A part of a pass that adds to what is traced. */
export type CircuitNode =
  | {
      readonly kind: "feature";
      readonly layer: number;
      readonly feature: number;
      readonly pos: number;
    }
  | ({readonly kind: "head"} & Look)
  | {readonly kind: "embedding" | "position"; readonly pos: number}
  | {
      /** What a layer's MLP writes that no feature does. */
      readonly kind: "error";
      readonly layer: number;
      readonly pos: number;
    }
  | {
      /** Of attention's output, of a decoder, or, `read`, of what reads the stream and its norm. */
      readonly kind: "bias";
      readonly of: "attention" | "mlp" | "read";
      readonly layer: number;
      readonly pos: number;
    };

/** What a node adds. */
export interface Source {
  readonly node: CircuitNode;
  /** Depends on the prompt: a feature's value, a head's pattern, 1 of all else. */
  readonly activation: number;
  /** The product with the direction that is read; of a feature of the same token it depends on weights alone. */
  readonly weight: number;
  /** `activation · weight` over the norm's divisor. */
  readonly contribution: number;
}

/**
 * What each part of a pass writes to one token's residual stream before a cut, as far as the cut counts
 * it (Dunefsky, Chlenski and Nanda, "Transcoders Find Interpretable LLM Feature Circuits", 2024): with
 * patterns and the norms' divisors held, these add up to what is read.
 */
export function sourcesOf(pass: FrozenPass, cut: Cut): Source[] {
  const {config, transcoders, weights} = pass.model;
  const {pos, direction, scale} = cut;
  const {width} = config;
  const found: Source[] = [];
  const add = (node: CircuitNode, weight: number, activation = 1): void => {
    found.push({node, activation, weight, contribution: (activation * weight) / scale});
  };
  const written = (site: "hook_embed" | "hook_pos_embed") =>
    dot(direction, pass.at(site).subarray(pos * width, (pos + 1) * width));
  add({kind: "embedding", pos}, written("hook_embed"));
  if (config.positions === "learned") add({kind: "position", pos}, written("hook_pos_embed"));
  for (let layer = 0; layer < cut.attentions; layer++) {
    const counts = throughOutput(pass, layer, direction);
    for (let head = 0; head < config.heads; head++)
      for (let from = 0; from <= pos; from++)
        add(
          {kind: "head", layer, head, pos, from},
          valueProduct(pass, {layer, head, pos: from}, counts),
          patternAt(pass, layer, head, [pos, from])
        );
    const {bias} = weights.blocks[layer].output;
    if (bias) add({kind: "bias", of: "attention", layer, pos}, dot(direction, bias.data));
  }
  for (let layer = 0; layer < cut.mlps; layer++) {
    const transcoder = transcoders.get(layer);
    add({kind: "error", layer, pos}, dot(direction, errorAt(pass, layer, pos)));
    if (!transcoder) continue;
    const [{decoder, bias}] = transcoder.outputs;
    if (bias) add({kind: "bias", of: "mlp", layer, pos}, dot(direction, bias.data));
    for (const [feature, value] of firing(pass, transcoder, pos))
      add({kind: "feature", layer, feature, pos}, dot(direction, rowOf(decoder, feature)), value);
  }
  const {attentions: layer, constant} = cut;
  found.push({
    node: {kind: "bias", of: "read", layer, pos},
    ...{activation: 1, weight: constant * scale, contribution: constant}
  });
  return found;
}

/** All contributions together. */
export const total = (sources: readonly Source[]): number =>
  sources.reduce((sum, {contribution}) => sum + contribution, 0);
