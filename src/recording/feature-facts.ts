import type {ByFeature} from "./by-feature.js";
import {BINS} from "./feature-lengths.js";

/** How many of a feature's largest activations are kept, and how many of the others. */
export const TOP = 20;
export const SPREAD = 8;

export interface FeatureFacts {
  /** Tokens at which it fires. */
  readonly frequency: number;
  readonly max: number;
  /** Of what fires, in equal steps from 0 to `max`. */
  readonly histogram: Uint32Array;
  /** Entries of its largest activations, the largest first; of equal ones the first token's. */
  readonly top: readonly number[];
  /** Entries of others, at even quantiles, the larger first. */
  readonly spread: readonly number[];
}

/** What the recording says of one feature. */
export function featureFacts({starts, tokens, values}: ByFeature, feature: number): FeatureFacts {
  const [first, end] = [starts[feature], starts[feature + 1]];
  const entries = Array.from({length: end - first}, (_, i) => first + i);
  entries.sort((a, b) => values[b] - values[a] || tokens[a] - tokens[b]);
  const max = entries.length > 0 ? values[entries[0]] : 0;
  const histogram = new Uint32Array(BINS);
  for (const i of entries) histogram[Math.min(BINS - 1, Math.floor((BINS * values[i]) / max))]++;
  const rest = entries.slice(TOP);
  const count = Math.min(SPREAD, rest.length);
  return {
    frequency: entries.length,
    max,
    histogram,
    top: entries.slice(0, TOP),
    spread: Array.from(
      {length: count},
      (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / count)]
    )
  };
}
