import {rowOf} from "../../model/circuit/frozen-pass.js";
import type {HostTensor} from "../../model/weights.js";

/** What an MLP writes as a sum over parts, features or neurons: each a value times a vector of its own. */
export interface Parts {
  /** `[prompts, parts]` */
  readonly values: HostTensor;
  /** `[parts, width]` */
  readonly vectors: HostTensor;
  /** `[width]` */
  readonly bias?: HostTensor;
}

/** The mean of each column of `[rows, columns]`. */
export function columnMeans({shape: [rows, columns], data}: HostTensor): Float64Array {
  const sum = new Float64Array(columns);
  data.forEach((v, i) => (sum[i % columns] += v / rows));
  return sum;
}

/**
 * How much each part moves what is asked for with its prompt: the mean over prompts of its value, less its
 * mean, times its vector's product with the gradient there.
 *
 * @param gradients `[prompts, width]`
 */
export function partScores({values, vectors}: Parts, gradients: HostTensor): Float64Array {
  const [prompts, parts] = values.shape;
  const means = columnMeans(values);
  const scores = new Float64Array(parts);
  for (let p = 0; p < prompts; p++) {
    const gradient = rowOf(gradients, p);
    for (let part = 0; part < parts; part++) {
      const moved = values.data[p * parts + part] - means[part];
      if (moved === 0) continue;
      const vector = rowOf(vectors, part);
      let product = 0;
      for (let c = 0; c < gradient.length; c++) product += gradient[c] * vector[c];
      scores[part] += (moved * product) / prompts;
    }
  }
  return scores;
}

/** The parts of the largest scores, the largest first. */
export const best = (scores: Float64Array, count: number): number[] =>
  Array.from(scores.keys())
    .sort((a, b) => scores[b] - scores[a])
    .slice(0, count);

/** What is written, `[prompts, width]`, with all parts but some at their means. */
export function writtenBy({values, vectors, bias}: Parts, kept: readonly number[]): Float32Array {
  const [prompts, parts] = values.shape;
  const width = vectors.shape[1];
  const means = columnMeans(values);
  const base = Float64Array.from(bias?.data ?? new Float32Array(width));
  for (let part = 0; part < parts; part++) {
    if (means[part] === 0) continue;
    const vector = rowOf(vectors, part);
    for (let c = 0; c < width; c++) base[c] += means[part] * vector[c];
  }
  const written = new Float32Array(prompts * width);
  for (let p = 0; p < prompts; p++) {
    const row = base.slice();
    for (const part of kept) {
      const moved = values.data[p * parts + part] - means[part];
      const vector = rowOf(vectors, part);
      for (let c = 0; c < width; c++) row[c] += moved * vector[c];
    }
    written.set(row, p * width);
  }
  return written;
}
