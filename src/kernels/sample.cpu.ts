import {keyOf, philox, unitInterval} from "./philox.js";
import {checkSampling, isGreedy, type Sampling} from "./sampling.js";

/** Sampling in float64: what sample.ts is tested against, and what backends without a GPU use. */
export interface Inputs {
  readonly logits: ArrayLike<number>; // [rows, vocab]
  readonly vocab: number;
}

/**
 * A token for each row, by the same draws as sample.ts.
 *
 * @throws {RangeError} if an option is out of its range.
 */
export function forward({logits, vocab}: Inputs, options: Sampling): number[] {
  checkSampling(options);
  const tokens: number[] = [];
  for (let row = 0; row * vocab < logits.length; row++)
    tokens.push(
      draw(
        Array.from({length: vocab}, (_, i) => logits[row * vocab + i]),
        row,
        options
      )
    );
  return tokens;
}

function draw(logits: readonly number[], row: number, options: Sampling): number {
  const {temperature, topK, seed, step} = options;
  const kept = logits.map((_, token) => token);
  if (isGreedy(options) || topK > 0) kept.sort((a, b) => logits[b] - logits[a] || a - b);
  if (isGreedy(options)) return kept[0];
  if (topK > 0) kept.length = Math.min(topK, kept.length);
  const key = keyOf(seed);
  let best = -Infinity;
  let winner = kept[0];
  for (const token of kept) {
    const gumbel = -Math.log(-Math.log(unitInterval(philox([row, step, token, 0], key)[0])));
    const score = logits[token] / temperature + gumbel;
    if (score > best || (score === best && token < winner)) {
      best = score;
      winner = token;
    }
  }
  return winner;
}
