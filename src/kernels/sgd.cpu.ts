/** SGD with momentum in float64, straight from the formulas: what sgd.ts is tested against. */
export interface State {
  readonly weight: Float64Array;
  readonly velocity: Float64Array;
}

export interface Options {
  readonly rate: number;
  readonly momentum: number;
  readonly weightDecay: number;
  readonly clip?: {readonly norm: number; readonly limit: number};
}

export function step(
  {weight, velocity, gradient}: State & {readonly gradient: Float64Array},
  {rate, momentum, weightDecay, clip}: Options
): State {
  const factor = clip ? Math.min(1, clip.limit / clip.norm) : 1;
  const next = velocity.map((v, i) => momentum * v + factor * gradient[i]);
  return {
    weight: weight.map((w, i) => w - rate * weightDecay * w - rate * next[i]),
    velocity: next
  };
}
