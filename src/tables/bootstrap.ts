import {keyOf, philox} from "../kernels/philox.js";

export interface BootstrapOptions {
  /** What is computed of each resample; the mean when left out. */
  readonly statistic?: (values: readonly number[]) => number;
  /** How much of the resamples the band holds, between 0 and 1. */
  readonly level?: number;
  /** How many times the values are drawn anew. */
  readonly samples?: number;
  readonly seed?: number;
}

/** A statistic of some values, and the band that resampling them gives it, in its own unit. */
export interface Band {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The percentile bootstrap (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): draws
 * as many values as there are, with replacement, again and again, and reports between which
 * values the middle share of the statistics lies. The same seed gives the same band everywhere.
 *
 * @throws {RangeError} if there is no value, or one that is no finite number.
 */
export function bootstrap(
  values: Iterable<number>,
  {statistic = mean, level = 0.95, samples = 1000, seed = 0}: BootstrapOptions = {}
): Band {
  const given = [...values];
  if (given.length === 0)
    throw new RangeError("bootstrap: values must be at least one number, got none");
  const bad = given.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new RangeError(`bootstrap: values must be finite, got ${given[bad]} at index ${bad}`);
  if (!(level > 0 && level < 1))
    throw new RangeError(`bootstrap: level must be between 0 and 1, got ${level}`);
  if (!(Number.isInteger(samples) && samples > 0))
    throw new RangeError(`bootstrap: samples must be a whole number above 0, got ${samples}`);
  const index = indices(given.length, seed);
  const drawn = new Array<number>(given.length);
  const statistics = Float64Array.from({length: samples}, () => {
    for (let i = 0; i < drawn.length; i++) drawn[i] = given[index()];
    return statistic(drawn);
  }).sort();
  const tail = (1 - level) / 2;
  return {
    value: statistic(given),
    low: quantile(statistics, tail),
    high: quantile(statistics, 1 - tail)
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Between the two nearest of sorted values, in proportion. */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const next = sorted[Math.min(below + 1, sorted.length - 1)];
  return sorted[below] + (at - below) * (next - sorted[below]);
}

/** Whole numbers from 0 up to, not including, `count`, each as likely as another. */
function indices(count: number, seed: number): () => number {
  const key = keyOf(seed);
  let [block, word] = [0, 4];
  let words = philox([0, 0, 0, 0], key);
  return () => {
    if (word === 4) {
      words = philox([block++, 0, 0, 0], key);
      word = 0;
    }
    return Math.floor((words[word++] / 2 ** 32) * count);
  };
}
