/** Log-softmax in float64, straight from the formula: what log-softmax.ts is tested against. */
export interface Inputs {
  /** `[rows, width]` */
  readonly x: Float64Array;
}

export function forward({x}: Inputs, width: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let first = 0; first < x.length; first += width) {
    let peak = x[first];
    for (let i = first; i < first + width; i++) peak = Math.max(peak, x[i]);
    let sum = 0;
    for (let i = first; i < first + width; i++) sum += Math.exp(x[i] - peak);
    for (let i = first; i < first + width; i++) y[i] = x[i] - peak - Math.log(sum);
  }
  return y;
}

/** The gradient of x, `dy − eʸ · Σ dy`, from the result `y` `[rows, width]` and its gradient. */
export function backward(
  {y, dy}: {readonly y: Float64Array; readonly dy: Float64Array},
  width: number
): Float64Array {
  const dx = new Float64Array(y.length);
  for (let first = 0; first < y.length; first += width) {
    let sum = 0;
    for (let i = first; i < first + width; i++) sum += dy[i];
    for (let i = first; i < first + width; i++) dx[i] = dy[i] - Math.exp(y[i]) * sum;
  }
  return dx;
}
