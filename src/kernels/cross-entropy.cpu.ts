/** Cross-entropy in float64, straight from the formula: what cross-entropy.ts is tested against. */
export interface Inputs {
  /** `[rows, vocab]` */
  readonly logits: Float64Array;
  /** `[rows]` */
  readonly targets: Uint32Array;
}

/** The loss of each row, in nats. */
export function forward({logits, targets}: Inputs): Float64Array {
  const vocab = logits.length / targets.length;
  const loss = new Float64Array(targets.length);
  for (let row = 0; row < loss.length; row++) {
    let peak = logits[row * vocab];
    for (let i = 0; i < vocab; i++) peak = Math.max(peak, logits[row * vocab + i]);
    let sum = 0;
    for (let i = 0; i < vocab; i++) sum += Math.exp(logits[row * vocab + i] - peak);
    loss[row] = Math.log(sum) + peak - logits[row * vocab + targets[row]];
  }
  return loss;
}

/** The gradient of the logits: `(softmax − 1 at the target) · dloss`, with `dloss` `[rows]`. */
export function backward({
  logits,
  targets,
  dloss
}: Inputs & {readonly dloss: Float64Array}): Float64Array {
  const vocab = logits.length / targets.length;
  const loss = forward({logits, targets});
  const dlogits = new Float64Array(logits.length);
  for (let row = 0; row < targets.length; row++) {
    const target = row * vocab + targets[row];
    for (let i = row * vocab; i < (row + 1) * vocab; i++) {
      if (i === target) continue;
      dlogits[i] = Math.exp(logits[i] - logits[target] - loss[row]) * dloss[row];
      dlogits[target] -= dlogits[i]; // softmax − 1, which would cancel where it is nearly certain
    }
  }
  return dlogits;
}
