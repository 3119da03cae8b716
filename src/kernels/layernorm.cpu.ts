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

function meanOf(x: Float64Array, row: number, width: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += x[row * width + c];
  return sum / width;
}
