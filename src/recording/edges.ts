import type {ModelConfig} from "../model/config.js";
import type {Dictionary} from "../model/dictionary.js";
import {siteLayer} from "../model/sites.js";
import type {HostTensor, Weights} from "../model/weights.js";
import {decoderRows, eachProduct, streamEncoder} from "./weight-products.js";

/**
 * An input-invariant edge: what a feature writes, times what a later one reads of the residual stream,
 * the norm's division left out (Dunefsky et al., 2024, arXiv 2406.11944, section 4).
 */
export interface Edge {
  /** Indices among the dictionaries. */
  readonly from: number;
  readonly to: number;
  readonly source: number;
  readonly target: number;
  readonly weight: number;
}

/** More than this many are of no use to anyone. */
const MOST = 2_000_000;

/**
 * The edges between transcoders of different layers whose weight is at least `threshold` in size, by
 * the dictionary and feature they go to, then by those they come from.
 *
 * @throws {RangeError} if there are more than two million.
 */
export function strongEdges(
  dictionaries: readonly Dictionary[],
  config: ModelConfig,
  weights: Weights<HostTensor>,
  threshold: number
): Edge[] {
  const edges: Edge[] = [];
  dictionaries.forEach((target, to) => {
    const reads = streamEncoder(target, config, weights);
    if (!reads || target.kind !== "transcoder") return;
    dictionaries.forEach((source, from) => {
      const isEarlier = siteLayer(source.outputs[0].site)! < siteLayer(target.outputs[0].site)!;
      if (source.kind !== "transcoder" || !isEarlier) return;
      eachProduct(reads, decoderRows(source), (row, products) =>
        products.forEach((weight, i) => {
          if (Math.abs(weight) >= threshold) edges.push({from, to, source: i, target: row, weight});
        })
      );
      if (edges.length > MOST)
        throw new RangeError(
          `record: --threshold must leave at most ${MOST} edges, got more at ${threshold}`
        );
    });
  });
  return edges;
}
