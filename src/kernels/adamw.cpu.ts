/** AdamW in float64, straight from the formulas: what adamw.ts is tested against. */
export interface State {
  readonly weight: Float64Array;
  /** Twice the weight's length: the gradient's running means, then those of its square. */
  readonly moments: Float64Array;
}

export interface Options {
  readonly step: number;
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  readonly weightDecay: number;
  readonly clip?: {readonly norm: number; readonly limit: number};
}

export function step(
  {weight, moments, gradient}: State & {readonly gradient: Float64Array},
  {step, rate, beta1, beta2, eps, weightDecay, clip}: Options
): State {
  const next = {weight: new Float64Array(weight), moments: new Float64Array(moments)};
  const factor = clip ? Math.min(1, clip.limit / clip.norm) : 1;
  weight.forEach((w, i) => {
    const g = gradient[i] * factor;
    const mean = beta1 * moments[i] + (1 - beta1) * g;
    const square = beta2 * moments[weight.length + i] + (1 - beta2) * g * g;
    const corrected = mean / (1 - beta1 ** step);
    const spread = Math.sqrt(square / (1 - beta2 ** step)) + eps;
    next.weight[i] = w - rate * weightDecay * w - (rate * corrected) / spread;
    next.moments[i] = mean;
    next.moments[weight.length + i] = square;
  });
  return next;
}
