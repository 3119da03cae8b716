import type {Target} from "./cut.js";
import {cutOf} from "./cut.js";
import {dot, type FrozenPass, rowOf} from "./frozen-pass.js";
import {sourcesOf} from "./sources.js";

/** An earlier feature's row of the decoder times the direction that is read: the same for every prompt. */
export interface VirtualWeight {
  readonly layer: number;
  readonly feature: number;
  readonly weight: number;
}

/** The features whose weights count most, whatever the prompt, the largest first. */
export function virtualWeights(pass: FrozenPass, target: Target, count: number): VirtualWeight[] {
  const {mlps, direction} = cutOf(pass, target);
  const found: VirtualWeight[] = [];
  for (const [layer, {outputs}] of pass.model.transcoders) {
    if (layer >= mlps) continue;
    const [{decoder}] = outputs;
    for (let feature = 0; feature < decoder.shape[0]; feature++)
      found.push({layer, feature, weight: dot(direction, rowOf(decoder, feature))});
  }
  return found.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, count);
}

/** The share of the `k` first that two rankings of a target's earlier features have in common. */
export interface Overlap {
  readonly k: number;
  readonly shared: number;
}

/** How far the features that count most on this prompt are those that count most on any. */
export function overlaps(pass: FrozenPass, target: Target, ks: readonly number[]): Overlap[] {
  const key = ({layer, feature}: {readonly layer: number; readonly feature: number}) =>
    `${layer} ${feature}`;
  const here = sourcesOf(pass, cutOf(pass, target))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .flatMap(({node}) => (node.kind === "feature" ? [key(node)] : []));
  const anywhere = virtualWeights(pass, target, Math.max(...ks)).map(key);
  return ks.map((k) => {
    const first = new Set(anywhere.slice(0, k));
    return {k, shared: here.slice(0, k).filter((one) => first.has(one)).length / k};
  });
}
