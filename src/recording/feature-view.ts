import type {ShardColumns} from "./feature-columns.js";
import type {FeatureIndex} from "./feature-index.js";
import {BEFORE, BEHIND, BINS, NEAREST, NONE, SHARD_FEATURES, TOKENS} from "./feature-lengths.js";
import type {LoadedDictionary} from "./feature-reader.js";

/** A token and what a feature does to it, or it to the feature. */
export interface TokenWeight {
  readonly text: string;
  readonly value: number;
}

export interface FeatureContext {
  readonly kind: "top" | "quantile";
  /** Of the token that it is about. */
  readonly value: number;
  /** The tokens around, each with the feature's value as a share of its largest. */
  readonly tokens: readonly {readonly text: string; readonly share: number}[];
  /** Among them, the one that it is about. */
  readonly at: number;
}

export interface FeatureLink {
  readonly dictionary: string;
  readonly feature: number;
  readonly weight: number;
}

/** All that a page shows of one feature. */
export interface FeatureView {
  readonly dictionary: string;
  readonly feature: number;
  /** Tokens at which it fires, of `tokens`. */
  readonly frequency: number;
  readonly tokens: number;
  readonly max: number;
  /** Null where no label fits. */
  readonly match: {
    readonly label: string;
    readonly f1: number;
    readonly precision: number;
    readonly recall: number;
  } | null;
  readonly histogram: readonly number[];
  readonly contexts: readonly FeatureContext[];
  readonly logits: {readonly top: readonly TokenWeight[]; readonly bottom: readonly TokenWeight[]};
  readonly deembedding: {
    readonly top: readonly TokenWeight[];
    readonly bottom: readonly TokenWeight[];
  };
  readonly nearest: readonly FeatureLink[];
  readonly into: readonly FeatureLink[];
  readonly outOf: readonly FeatureLink[];
}

interface Loaded {
  readonly index: FeatureIndex;
  readonly dictionary: LoadedDictionary;
  readonly shard: ShardColumns;
  readonly tokens: Uint16Array;
}

const total = (counts: Uint8Array, before: number): number =>
  counts.subarray(0, before).reduce((sum, count) => sum + count, 0);

export function featureView(loaded: Loaded, feature: number): FeatureView {
  const {index, dictionary, shard} = loaded;
  const at = feature % SHARD_FEATURES;
  const {columns, name} = dictionary;
  const label = columns.label[feature];
  const first = total(shard.intoCount, at) + total(shard.outCount, at);
  const link = (i: number): FeatureLink => ({
    dictionary: index.dictionaries[shard.linkDictionaries[i]].name,
    feature: shard.linkFeatures[i],
    weight: shard.linkWeights[i]
  });
  const links = Array.from({length: shard.intoCount[at] + shard.outCount[at]}, (_, i) =>
    link(first + i)
  );
  return {
    ...{dictionary: name, feature, tokens: index.tokens},
    frequency: columns.frequency[feature],
    max: columns.max[feature],
    match:
      label === NONE
        ? null
        : {
            label: index.labels[label].name,
            f1: columns.f1[feature] / 100,
            precision: columns.precision[feature] / 100,
            recall: columns.recall[feature] / 100
          },
    histogram: Array.from(shard.histogram.subarray(at * BINS, (at + 1) * BINS)),
    contexts: contextsOf(loaded, at),
    logits: ends(index, shard.logitIds, shard.logitValues, at),
    deembedding: ends(index, shard.embedIds, shard.embedValues, at),
    nearest: Array.from({length: NEAREST}, (_, i) => ({
      dictionary: name,
      feature: shard.nearestIds[at * NEAREST + i],
      weight: shard.nearestValues[at * NEAREST + i]
    })),
    into: links.slice(0, shard.intoCount[at]),
    outOf: links.slice(shard.intoCount[at])
  };
}

function ends({vocabulary}: FeatureIndex, ids: Uint16Array, values: Float32Array, at: number) {
  const end = (start: number): TokenWeight[] =>
    Array.from(ids.subarray(start, start + TOKENS), (id, i) => ({
      text: vocabulary[id],
      value: values[start + i]
    }));
  return {top: end(2 * at * TOKENS), bottom: end((2 * at + 1) * TOKENS)};
}

function contextsOf({index, shard, tokens}: Loaded, at: number): FeatureContext[] {
  const {contextTokens, contextValues, nearCount, nearOffsets, nearShares} = shard;
  const first = total(shard.contextCount, at);
  let near = total(nearCount, first);
  return Array.from({length: shard.contextCount[at]}, (_, i): FeatureContext => {
    const centre = contextTokens[first + i];
    const window = centre - (centre % index.window);
    const start = Math.max(window, centre - BEFORE);
    const end = Math.min(tokens.length, window + index.window, centre + BEHIND + 1);
    const shares = new Float32Array(end - start);
    for (const last = near + nearCount[first + i]; near < last; near++)
      shares[centre - BEFORE + nearOffsets[near] - start] = nearShares[near] / 255;
    return {
      kind: i < shard.topCount[at] ? "top" : "quantile",
      value: contextValues[first + i],
      at: centre - start,
      tokens: Array.from(tokens.subarray(start, end), (id, t) => ({
        text: index.vocabulary[id],
        share: shares[t]
      }))
    };
  });
}
