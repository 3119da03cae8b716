/** LayerNorm in float64, straight from the formulas: what layernorm.ts is tested against. */
export interface Inputs {
  /** `[rows, width]` */
  readonly x: Float64Array;
  /** `[width]` */
  readonly gain: Float64Array;
  /** `[width]` */
  readonly bias: Float64Array;
}

export function forward(
  {x, gain, bias}: Inputs,
  eps: number
): {y: Float64Array; scale: Float64Array} {
  const width = gain.length;
  const scale = new Float64Array(x.length / width);
  for (let row = 0; row < scale.length; row++) {
    const mean = meanOf(x, row, width);
    let variance = 0;
    for (let c = 0; c < width; c++) variance += (x[row * width + c] - mean) ** 2 / width;
    scale[row] = Math.sqrt(variance + eps);
  }
  return {y: apply({x, scale, gain, bias}), scale};
}

/** `scale`: one number a row. */
export function apply({
  x,
  scale,
  gain,
  bias
}: Inputs & {readonly scale: Float64Array}): Float64Array {
  const width = gain.length;
  const y = new Float64Array(x.length);
  for (let row = 0; row < scale.length; row++) {
    const mean = meanOf(x, row, width);
    for (let c = 0; c < width; c++)
      y[row * width + c] = ((x[row * width + c] - mean) / scale[row]) * gain[c] + bias[c];
  }
  return y;
}

/** What the gradients need: of `forward` or `apply` the arguments, and the gradient `dy` of their y. */
export interface BackwardInputs extends Omit<Inputs, "bias"> {
  /** One number a row: the divisor. */
  readonly scale: Float64Array;
  /** `[rows, width]` */
  readonly dy: Float64Array;
}

/** The gradients of `apply`, under the names of its arguments and of their shapes. */
export interface Gradients {
  readonly x: Float64Array;
  readonly scale: Float64Array;
  readonly gain: Float64Array;
  readonly bias: Float64Array;
}

/** The gradients of `forward`, whose scale is the deviation of x. */
export function backward(inputs: BackwardInputs): Omit<Gradients, "scale"> {
  const {x, scale, gain} = inputs;
  const width = gain.length;
  const {scale: dscale, ...d} = applyBackward(inputs);
  for (let row = 0; row < scale.length; row++) {
    const mean = meanOf(x, row, width);
    for (let c = 0; c < width; c++)
      d.x[row * width + c] += (dscale[row] * (x[row * width + c] - mean)) / (width * scale[row]);
  }
  return d;
}

export function applyBackward({x, scale, gain, dy}: BackwardInputs): Gradients {
  const width = gain.length;
  const d = {
    x: new Float64Array(x.length),
    scale: new Float64Array(scale.length),
    gain: new Float64Array(width),
    bias: new Float64Array(width)
  };
  for (let row = 0; row < scale.length; row++) {
    const mean = meanOf(x, row, width);
    const dnormal = Float64Array.from(gain, (g, c) => g * dy[row * width + c]);
    const rest = meanOf(dnormal, 0, width);
    for (let c = 0; c < width; c++) {
      const i = row * width + c;
      const normal = (x[i] - mean) / scale[row];
      d.x[i] = (dnormal[c] - rest) / scale[row];
      d.scale[row] -= (dnormal[c] * normal) / scale[row];
      d.gain[c] += dy[i] * normal;
      d.bias[c] += dy[i];
    }
  }
  return d;
}

function meanOf(x: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += x[row * width + c];
  return sum / width;
}
