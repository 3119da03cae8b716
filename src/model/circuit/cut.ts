import type {Norm} from "../weights.js";
import type {HostTensor} from "../weights.js";
import {dot, type FrozenPass, rowOf} from "./frozen-pass.js";

/** Where the residual stream is read: what is written before it adds up to what is read. */
export interface Cut {
  /** How many layers' attention has written. */
  readonly attentions: number;
  /** How many layers' MLPs have. */
  readonly mlps: number;
  readonly pos: number;
  /** `[width]`: what of the stream counts, the norm's gain and mean in it, its divisor not. */
  readonly direction: Float64Array;
  /** The norm's divisor at this token. */
  readonly scale: number;
  /** What is added whatever the stream is: of the norm's bias, and of what reads it. */
  readonly constant: number;
}

/** What a circuit is traced from. */
export type Target =
  | {
      readonly kind: "feature";
      readonly layer: number;
      readonly feature: number;
      readonly pos: number;
    }
  | {
      /** A weighed sum of logits, such as the difference of two. */
      readonly kind: "logits";
      readonly pos: number;
      readonly weights: readonly (readonly [token: number, weight: number])[];
    };

/**
 * A direction of what a norm makes, as a direction of what it reads, the divisor left out.
 *
 * @param direction Of the activation that `hook_normalized` names.
 */
export function throughNorm(
  {model: {config}}: FrozenPass,
  {gain, bias}: Norm<HostTensor>,
  direction: Float64Array
): {readonly direction: Float64Array; readonly constant: number} {
  // TransformerLens's RMSNorm hooks hook_normalized before the gain
  if (config.norm === "rmsnorm") return {direction, constant: 0};
  const scaled = direction.map((v, c) => v * gain.data[c]);
  const mean = scaled.reduce((sum, v) => sum + v, 0) / scaled.length;
  return {direction: scaled.map((v) => v - mean), constant: dot(direction, bias!.data)};
}

/** Of an RMSNorm, what is read behind its gain as what `hook_normalized` names. */
export const beforeGain = (
  {model: {config}}: FrozenPass,
  {gain}: Norm<HostTensor>,
  direction: Float64Array
): Float64Array =>
  config.norm === "rmsnorm" ? direction.map((v, c) => v * gain.data[c]) : direction;

/** A feature's pre-activation: its row of the encoder times what it reads, and its bias. */
export function featureCut(
  pass: FrozenPass,
  {layer, feature, pos}: {readonly layer: number; readonly feature: number; readonly pos: number}
): Cut {
  const {config, weights, transcoders} = pass.model;
  const {encoder} = transcoders.get(layer)!;
  const row = Float64Array.from(rowOf(encoder.weight, feature));
  const {direction, constant} = throughNorm(pass, weights.blocks[layer].norm2, row);
  return {
    ...{mlps: layer, attentions: config.parallel ? layer : layer + 1, pos, direction},
    scale: pass.at(`blocks.${layer}.ln2.hook_scale`)[pos],
    constant: constant + encoder.bias.data[feature]
  };
}

/** A target as a cut of the residual stream. */
export function cutOf(pass: FrozenPass, target: Target): Cut {
  if (target.kind === "feature") return featureCut(pass, target);
  const {config, weights} = pass.model;
  const {unembedding, unembeddingBias, finalNorm} = weights;
  const read = new Float64Array(config.width);
  let constant = 0;
  for (const [token, weight] of target.weights) {
    const row = rowOf(unembedding, token);
    for (let c = 0; c < config.width; c++) read[c] += weight * row[c];
    constant += weight * (unembeddingBias?.data[token] ?? 0);
  }
  const normed = throughNorm(pass, finalNorm, beforeGain(pass, finalNorm, read));
  return {
    ...{attentions: config.layers, mlps: config.layers, pos: target.pos},
    direction: normed.direction,
    scale: pass.at("ln_final.hook_scale")[target.pos],
    constant: constant + normed.constant
  };
}

/** The target's value in the pass, as the model computed it. */
export function valueOf(pass: FrozenPass, target: Target): number {
  if (target.kind === "feature")
    return preActivation(
      pass.model.transcoders.get(target.layer)!,
      target.feature,
      rowAt(
        pass.at(`blocks.${target.layer}.ln2.hook_normalized`),
        target.pos,
        pass.model.config.width
      )
    );
  const {vocab} = pass.model.config;
  return weighed(pass.logits.subarray(target.pos * vocab, (target.pos + 1) * vocab), target);
}

const rowAt = (values: Float32Array, row: number, width: number): Float32Array =>
  values.subarray(row * width, (row + 1) * width);

/** A feature's pre-activation of what it reads. */
export const preActivation = (
  {encoder}: {readonly encoder: {readonly weight: HostTensor; readonly bias: HostTensor}},
  feature: number,
  read: Float32Array
): number => dot(rowOf(encoder.weight, feature), read) + encoder.bias.data[feature];

/** A weighed sum of one row of logits. */
export const weighed = (
  logits: Float32Array,
  {weights}: Extract<Target, {kind: "logits"}>
): number => weights.reduce((sum, [token, weight]) => sum + weight * logits[token], 0);
