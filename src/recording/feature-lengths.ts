/** Features that a page loads together. */
export const SHARD_FEATURES = 128;
/** Tokens of a context before and behind the one that it is about. */
export const BEFORE = 16;
export const BEHIND = 8;
/** Contexts of each feature that a search by text looks through. */
export const SEARCHED = 5;
/** Tokens that are kept of each end of a feature's logits and of its de-embedding. */
export const TOKENS = 8;
/** Features of the same dictionary that are kept as a feature's nearest. */
export const NEAREST = 5;
/** Bars of a histogram of activations, from 0 to the feature's largest. */
export const BINS = 16;
/** The tokens that a feature fires at most, by the sum of its activations. */
export const TOP_TOKENS = 4;
/** The strongest edges into a feature and out of it that a page shows. */
export const EDGES = 8;
/** Where a feature has no label, or no token. */
export const NONE = 0xffff;
