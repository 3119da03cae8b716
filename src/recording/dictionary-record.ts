import type {ModelConfig} from "../model/config.js";
import {type Dictionary, featureCount} from "../model/dictionary.js";
import type {HostTensor, Weights} from "../model/weights.js";
import {type ByFeature, byFeature} from "./by-feature.js";
import type {RecordedCorpus} from "./corpus.js";
import {type FeatureFacts, featureFacts} from "./feature-facts.js";
import {NEAREST, TOKENS} from "./feature-lengths.js";
import {labelCounts, type LabelMatch, labelMatches} from "./label-match.js";
import type {Fired} from "./read-features.js";
import {
  decoderRows,
  eachProduct,
  embeddingRows,
  type Extremes,
  extremes,
  type Rows,
  streamEncoder,
  streamUnembedding,
  unitRows
} from "./weight-products.js";

/** Both ends of a list of products. */
export interface Ends {
  readonly top: Extremes;
  readonly bottom: Extremes;
}

/** All that is recorded of one dictionary. */
export interface DictionaryRecord {
  readonly dictionary: Dictionary;
  readonly fired: ByFeature;
  readonly facts: readonly FeatureFacts[];
  readonly matches: readonly (LabelMatch | null)[];
  /** What each feature adds to the logits, before the last norm divides. */
  readonly logits: readonly Ends[];
  /** Which tokens' embeddings turn a feature on, before the norm divides; empty where it does not read the stream. */
  readonly deembedding: readonly Ends[];
  /** Cosines of decoder rows within the dictionary. */
  readonly nearest: readonly Extremes[];
}

/** Merges a dictionary's shards, in the order of the corpus, with what its weights say. */
export function dictionaryRecord(
  dictionary: Dictionary,
  shards: readonly Fired[],
  {
    corpus,
    config,
    weights
  }: {corpus: RecordedCorpus; config: ModelConfig; weights: Weights<HostTensor>}
): DictionaryRecord {
  const count = featureCount(dictionary);
  const fired = byFeature(shards, count);
  const decoder = decoderRows(dictionary);
  const encoder = streamEncoder(dictionary, config, weights);
  const unit = unitRows(decoder);
  const nearest: Extremes[] = [];
  eachProduct(unit, unit, (row, products) => {
    products[row] = -Infinity;
    nearest.push(extremes(products, Math.min(NEAREST, count - 1)));
  });
  return {
    dictionary,
    fired,
    facts: Array.from({length: count}, (_, feature) => featureFacts(fired, feature)),
    matches: labelMatches(corpus, fired, labelCounts(corpus)),
    logits: endsOf(decoder, streamUnembedding(config, weights)),
    deembedding: encoder ? endsOf(encoder, embeddingRows(weights)) : [],
    nearest
  };
}

function endsOf(features: Rows, tokens: Rows): Ends[] {
  const ends: Ends[] = [];
  eachProduct(features, tokens, (_, products) =>
    ends.push({top: extremes(products, TOKENS), bottom: extremes(products, TOKENS, -1)})
  );
  return ends;
}
