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

/** The gradients of `forward`, from its arguments, its `scale` and the gradient `dy` of its y. */
export function backward({
  x,
  gain,
  scale,
  dy
}: Inputs & {readonly scale: Float64Array; readonly dy: Float64Array}): {
  x: Float64Array;
  gain: Float64Array;
} {
  const width = gain.length;
  const dnormal = dy.map((v, i) => v * gain[i % width]);
  const d = applyBackward({x, scale, dy: dnormal});
  const dgain = new Float64Array(width);
  for (let i = 0; i < x.length; i++) {
    const row = Math.floor(i / width);
    d.x[i] += (d.scale[row] * x[i]) / (width * scale[row]);
    dgain[i % width] += (dy[i] * x[i]) / scale[row];
  }
  return {x: d.x, gain: dgain};
}

/** The gradients of `apply`. */
export function applyBackward({
  x,
  scale,
  dy
}: {
  readonly x: Float64Array;
  readonly scale: Float64Array;
  readonly dy: Float64Array;
}): {x: Float64Array; scale: Float64Array} {
  const width = x.length / scale.length;
  const dscale = new Float64Array(scale.length);
  dy.forEach((v, i) => {
    const row = Math.floor(i / width);
    dscale[row] -= (v * x[i]) / scale[row] ** 2;
  });
  return {x: dy.map((v, i) => v / scale[Math.floor(i / width)]), scale: dscale};
}
