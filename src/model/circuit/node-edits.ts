import type {Edit} from "../edits.js";
import {SiteError} from "../sites.js";
import {errorAt, firing, type FrozenPass, rowOf} from "./frozen-pass.js";
import type {CircuitNode} from "./sources.js";

/**
 * What multiplies a node by a factor, 0 to drop it, while the model runs; of a feature and an error, what
 * they write, so that no dictionary is needed.
 *
 * @throws {SiteError} if it is a bias, which belongs to no prompt.
 */
export function nodeEdit(pass: FrozenPass, node: CircuitNode, factor: number): Edit {
  const {transcoders} = pass.model;
  switch (node.kind) {
    case "feature": {
      const {layer, feature, pos} = node;
      const transcoder = transcoders.get(layer)!;
      const value = new Map(firing(pass, transcoder, pos)).get(feature) ?? 0;
      const row = rowOf(transcoder.outputs[0].decoder, feature);
      return written(layer, pos, row, (factor - 1) * value);
    }
    case "error":
      return written(node.layer, node.pos, errorAt(pass, node.layer, node.pos), factor - 1);
    case "head": {
      const {layer, head, pos, from} = node;
      const value = new Float32Array(pass.tokens.length).fill(1);
      value[from] = factor;
      const site = `blocks.${layer}.attn.hook_pattern` as const;
      return {site, op: "scale", value, head: [head], pos: [pos]};
    }
    case "embedding":
      return {site: "hook_embed", op: "scale", value: factor, pos: [node.pos]};
    case "position":
      return {site: "hook_pos_embed", op: "scale", value: factor, pos: [node.pos]};
    case "bias":
      throw new SiteError(
        `circuit: a changed node must be one that the prompt has a part in, got a bias of layer ${node.layer}`
      );
  }
}

const written = (layer: number, pos: number, vector: ArrayLike<number>, factor: number): Edit => ({
  site: `blocks.${layer}.hook_mlp_out`,
  op: "add",
  pos: [pos],
  value: Float32Array.from(vector, (v) => factor * v)
});
