/** A dense float64 matrix, rows one after another. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]` */
  readonly data: Float64Array;
}

export const zeros = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns)
});

export const filled = (rows: number, columns: number, value: () => number): Matrix => ({
  rows,
  columns,
  data: Float64Array.from({length: rows * columns}, value)
});

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

/** `⟨a, b⟩ / (‖a‖ ‖b‖)`: 1 where two matrices point the same way; 0 where one of them is zero. */
export function correlation(a: Matrix, b: Matrix): number {
  const lengths = norm(a.data) * norm(b.data);
  return lengths === 0 ? 0 : dot(a.data, b.data) / lengths;
}

/** `y ← y + scale · x` */
export function addScaled(y: Float64Array, scale: number, x: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += scale * x[i];
}

/** `a ← a + scale · u vᵀ` */
export function addOuter(
  {rows, columns, data}: Matrix,
  scale: number,
  u: Float64Array,
  v: Float64Array
): void {
  for (let i = 0, at = 0; i < rows; i++) {
    const factor = scale * u[i];
    for (let j = 0; j < columns; j++) data[at++] += factor * v[j];
  }
}

/** `y ← a x` */
export function applyInto(y: Float64Array, {rows, columns, data}: Matrix, x: Float64Array): void {
  for (let i = 0, at = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += data[at++] * x[j];
    y[i] = sum;
  }
}

/** `xᵀ a z` */
export function bilinear(x: Float64Array, {rows, columns, data}: Matrix, z: Float64Array): number {
  let sum = 0;
  for (let i = 0, at = 0; i < rows; i++) {
    let inner = 0;
    for (let j = 0; j < columns; j++) inner += data[at++] * z[j];
    sum += x[i] * inner;
  }
  return sum;
}

/** `c ← a b` */
export function multiplyInto({columns, data}: Matrix, a: Matrix, b: Matrix): void {
  data.fill(0);
  for (let i = 0; i < a.rows; i++)
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k];
      for (let j = 0; j < columns; j++) data[i * columns + j] += factor * b.data[k * columns + j];
    }
}

/** `c ← aᵀ` */
export function transposeInto(c: Matrix, {rows, columns, data}: Matrix): void {
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) c.data[j * rows + i] = data[i * columns + j];
}

/** `a b` */
export function times(a: Matrix, b: Matrix): Matrix {
  const product = zeros(a.rows, b.columns);
  multiplyInto(product, a, b);
  return product;
}

export function transposed(a: Matrix): Matrix {
  const out = zeros(a.columns, a.rows);
  transposeInto(out, a);
  return out;
}
