import type {TopTokens} from "./backend.js";

/** The `k` likeliest tokens of each row of logits, at most `vocab` of them; of equals, the lowest id. */
export function topTokens(
  rowsOfLogits: readonly ArrayLike<number>[],
  vocab: number,
  k: number
): TopTokens {
  const kept = Math.min(k, vocab);
  const rows = rowsOfLogits.reduce((n, logits) => n + logits.length / vocab, 0);
  const ids = new Uint32Array(rows * kept);
  const logProbs = new Float32Array(rows * kept);
  let out = 0;
  for (const logits of rowsOfLogits)
    for (let start = 0; start < logits.length; start += vocab, out += kept) {
      const best = largest(logits, start, vocab, kept);
      const max = logits[start + best[0]];
      let sum = 0;
      for (let id = 0; id < vocab; id++) sum += Math.exp(logits[start + id] - max);
      const logSum = Math.log(sum);
      ids.set(best, out);
      logProbs.set(
        best.map((id) => logits[start + id] - max - logSum),
        out
      );
    }
  return {ids, logProbs, k: kept};
}

// Above this many, sorting all of a row is quicker than keeping the best in order.
const FEW = 64;

function largest(
  logits: ArrayLike<number>,
  start: number,
  vocab: number,
  k: number
): readonly number[] {
  if (k > FEW)
    return Array.from({length: vocab}, (_, id) => id)
      .sort((a, b) => logits[start + b] - logits[start + a] || a - b)
      .slice(0, k);
  const best: number[] = [];
  for (let id = 0; id < vocab; id++) {
    const value = logits[start + id];
    if (best.length === k) {
      if (!(value > logits[start + best[k - 1]])) continue;
      best.pop();
    }
    let at = best.length;
    while (at > 0 && value > logits[start + best[at - 1]]) at--;
    best.splice(at, 0, id);
  }
  return best;
}
