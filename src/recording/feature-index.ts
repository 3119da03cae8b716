import type {LabelKind} from "../corpus/token-labels.js";

/** What a page knows of a recording before it opens any feature. */
export interface FeatureIndex {
  readonly model: string;
  /** Recorded. */
  readonly tokens: number;
  /** Tokens that the model read at once. */
  readonly window: number;
  /** The text of each token of the vocabulary. */
  readonly vocabulary: readonly string[];
  readonly labels: readonly {readonly kind: LabelKind; readonly name: string}[];
  readonly dictionaries: readonly IndexedDictionary[];
}

export interface IndexedDictionary {
  readonly name: string;
  readonly kind: string;
  readonly layer: number;
  readonly features: number;
  /** How many of them fire nowhere. */
  readonly dead: number;
  /** How many fire at a token, on average. */
  readonly l0: number;
  /** Whether the embeddings of tokens say what turns a feature on. */
  readonly readsStream: boolean;
}
