/** Softmax in float64, straight from the formula: what softmax.ts is tested against. */
export interface Inputs {
  /** `[rows, width]`; an entry of −1e30 is masked. */
  readonly x: Float64Array;
}

const MASKED = -1e30;

export function forward({x}: Inputs, width: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let first = 0; first < x.length; first += width) {
    let peak = MASKED;
    for (let i = first; i < first + width; i++) peak = Math.max(peak, x[i]);
    let sum = 0;
    for (let i = first; i < first + width; i++) if (x[i] > MASKED) sum += Math.exp(x[i] - peak);
    for (let i = first; i < first + width; i++)
      y[i] = x[i] > MASKED ? Math.exp(x[i] - peak) / sum : 0;
  }
  return y;
}

/** The gradient of x, `y · (dy − Σ y · dy)`, from the result `y` `[rows, width]` and its gradient. */
export function backward(
  {y, dy}: {readonly y: Float64Array; readonly dy: Float64Array},
  width: number
): Float64Array {
  const dx = new Float64Array(y.length);
  for (let first = 0; first < y.length; first += width) {
    let mean = 0;
    for (let i = first; i < first + width; i++) mean += y[i] * dy[i];
    for (let i = first; i < first + width; i++) dx[i] = y[i] * (dy[i] - mean);
  }
  return dx;
}
