/** Edits of rows in plain loops: what edit.ts is tested against. */
export interface Inputs {
  /** `[rows, channels]` */
  readonly x: Float64Array;
  /** `[rows]`: 0 leaves the row alone, n + 1 edits it with row n of `values`. */
  readonly rowOf: Uint32Array;
  /** `[edited rows, channels]` */
  readonly values: Float64Array;
}

export function forward({x, rowOf, values}: Inputs, op: "replace" | "add" | "scale"): Float64Array {
  const channels = x.length / rowOf.length;
  const y = Float64Array.from(x);
  rowOf.forEach((named, row) => {
    if (named === 0) return;
    for (let c = 0; c < channels; c++) {
      const v = values[(named - 1) * channels + c];
      const i = row * channels + c;
      y[i] = op === "replace" ? v : op === "add" ? x[i] + v : x[i] * v;
    }
  });
  return y;
}

/** The gradient of x: none where a row was replaced, times the factor where it was scaled. */
export function backward(
  {rowOf, values, dy}: Omit<Inputs, "x"> & {readonly dy: Float64Array},
  op: "replace" | "add" | "scale"
): Float64Array {
  const channels = dy.length / rowOf.length;
  return dy.map((v, i) => {
    const named = rowOf[Math.floor(i / channels)];
    if (named === 0 || op === "add") return v;
    return op === "replace" ? 0 : v * values[(named - 1) * channels + (i % channels)];
  });
}
