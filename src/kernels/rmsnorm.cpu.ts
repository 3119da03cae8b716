/** RMSNorm in float64, straight from the formulas: what rmsnorm.ts is tested against. */
export interface Inputs {
  /** `[rows, width]` */
  readonly x: Float64Array;
  /** `[width]` */
  readonly gain: Float64Array;
}

export function forward({x, gain}: Inputs, eps: number): {y: Float64Array; scale: Float64Array} {
  const width = gain.length;
  const scale = new Float64Array(x.length / width);
  for (let row = 0; row < scale.length; row++) {
    let square = 0;
    for (let c = 0; c < width; c++) square += x[row * width + c] ** 2 / width;
    scale[row] = Math.sqrt(square + eps);
  }
  const y = apply({x, scale});
  return {y: y.map((v, i) => v * gain[i % width]), scale};
}

/** `scale`: one number a row. */
export function apply({
  x,
  scale
}: {
  readonly x: Float64Array;
  readonly scale: Float64Array;
}): Float64Array {
  const width = x.length / scale.length;
  return x.map((v, i) => v / scale[Math.floor(i / width)]);
}
