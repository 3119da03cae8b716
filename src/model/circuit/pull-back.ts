import {type Cut, throughNorm} from "./cut.js";
import {dot, errorAt, firing, type FrozenPass, rowOf} from "./frozen-pass.js";
import {patternAt, throughOutput, throughValues, valueProduct} from "./heads.js";
import type {CircuitNode, Source} from "./sources.js";

/** What adds to what a cut reads, from anywhere. */
export interface PulledBack {
  /** Features, errors, embeddings and biases. */
  readonly sources: readonly Source[];
  /** What each head's look brings of them: not to be added to them. */
  readonly heads: readonly Source[];
}

/**
 * What each feature, error and embedding of any token adds to what a cut reads, by every way through
 * attention at once, with patterns and the norms' divisors held. All of it adds up to what is read, as
 * long as features are not gone through.
 *
 * @param through `features`: a later feature that fires passes on what reaches it too, as if it went on
 * firing whatever is changed; then what a node adds is its whole effect.
 */
export function pullBack(
  pass: FrozenPass,
  cut: Cut,
  through: "attention" | "features" = "attention"
): PulledBack {
  const {config, transcoders, weights} = pass.model;
  const {width} = config;
  const sources: Source[] = [];
  const looks: Source[] = [];
  const sourceOf = (node: CircuitNode, weight: number, activation = 1): Source => ({
    ...{node, activation, weight, contribution: activation * weight}
  });
  const add = (...source: Parameters<typeof sourceOf>) => sources.push(sourceOf(...source));
  let reach = new Map<number, Float64Array>([[cut.pos, cut.direction.map((v) => v / cut.scale)]]);
  add({kind: "bias", of: "read", layer: cut.attentions, pos: cut.pos}, cut.constant);
  for (let layer = Math.max(cut.attentions, cut.mlps) - 1; layer >= 0; layer--) {
    const onward = layer < cut.mlps ? writtenByMlp(layer) : [];
    if (!config.parallel) merge(reach, onward);
    if (layer < cut.attentions) reach = readByAttention(layer);
    if (config.parallel) merge(reach, onward);
  }
  for (const [pos, direction] of reach) {
    const written = (site: "hook_embed" | "hook_pos_embed") =>
      dot(direction, pass.at(site).subarray(pos * width, (pos + 1) * width));
    add({kind: "embedding", pos}, written("hook_embed"));
    if (config.positions === "learned") add({kind: "position", pos}, written("hook_pos_embed"));
  }
  return {sources, heads: looks};

  function writtenByMlp(layer: number): [number, Float64Array][] {
    const transcoder = transcoders.get(layer);
    const onward: [number, Float64Array][] = [];
    for (const [pos, direction] of reach) {
      add({kind: "error", layer, pos}, dot(direction, errorAt(pass, layer, pos)));
      if (!transcoder) continue;
      const [{decoder, bias}] = transcoder.outputs;
      if (bias) add({kind: "bias", of: "mlp", layer, pos}, dot(direction, bias.data));
      const read = new Float64Array(width);
      for (const [feature, value] of firing(pass, transcoder, pos)) {
        const weight = dot(direction, rowOf(decoder, feature));
        add({kind: "feature", layer, feature, pos}, weight, value);
        const row = rowOf(transcoder.encoder.weight, feature);
        if (through === "features") for (let c = 0; c < width; c++) read[c] += weight * row[c];
      }
      if (through === "attention") continue;
      const normed = throughNorm(pass, weights.blocks[layer].norm2, read).direction;
      const scale = pass.at(`blocks.${layer}.ln2.hook_scale`)[pos];
      onward.push([pos, normed.map((v) => v / scale)]);
    }
    return onward;
  }

  function readByAttention(layer: number): Map<number, Float64Array> {
    const {heads, headWidth} = config;
    const {bias} = weights.blocks[layer].output;
    const counts = new Map<number, Float64Array>();
    for (const [pos, direction] of reach) {
      if (bias) add({kind: "bias", of: "attention", layer, pos}, dot(direction, bias.data));
      const all = throughOutput(pass, layer, direction);
      for (let from = 0; from <= pos; from++) {
        const counted = counts.get(from) ?? new Float64Array(heads * headWidth);
        counts.set(from, counted);
        for (let head = 0; head < heads; head++) {
          const by = patternAt(pass, layer, head, [pos, from]);
          if (by === 0) continue;
          const brought = valueProduct(pass, {layer, head, pos: from}, all);
          looks.push(sourceOf({kind: "head", layer, head, pos, from}, brought, by));
          for (let j = head * headWidth; j < (head + 1) * headWidth; j++) counted[j] += by * all[j];
        }
      }
    }
    const next = new Map(reach);
    for (const [from, counted] of counts) {
      const {direction, constant} = throughValues(pass, layer, counted);
      const scale = pass.at(`blocks.${layer}.ln1.hook_scale`)[from];
      if (constant !== 0) add({kind: "bias", of: "read", layer, pos: from}, constant);
      merge(next, [[from, direction.map((v) => v / scale)]]);
    }
    return next;
  }
}

function merge(
  into: Map<number, Float64Array>,
  more: readonly (readonly [number, Float64Array])[]
): void {
  for (const [pos, direction] of more) {
    const before = into.get(pos);
    into.set(pos, before ? before.map((v, c) => v + direction[c]) : direction);
  }
}
