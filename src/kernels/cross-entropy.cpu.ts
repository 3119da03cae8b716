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
  return logits.map((v, i) => {
    const row = Math.floor(i / vocab);
    const target = row * vocab + targets[row];
    // p − 1 cancels where the target is nearly certain; the loss is −log p.
    const p = i === target ? Math.expm1(-loss[row]) : Math.exp(v - logits[target] - loss[row]);
    return p * dloss[row];
  });
}
