import {rowCount, type Shape, size} from "../gpu/shape.js";
import type {RowEdit} from "./edits.js";

const SMALLEST = 16;

/** How many tokens to compute for `tokens` of them: few sizes, so that few programs serve every prompt. */
export function bucketOf(tokens: number, context: number): number {
  let bucket = SMALLEST;
  while (bucket < tokens) bucket *= 2;
  return Math.min(bucket, context);
}

/** Where each row of `inner` starts in a row-major array of shape `outer`, which holds it in its first corner. */
function rowStarts(inner: Shape, outer: Shape): Uint32Array {
  const starts = new Uint32Array(rowCount(inner));
  for (let row = 0; row < starts.length; row++) {
    let rest = row;
    let stride = outer.at(-1)!;
    for (let axis = inner.length - 2; axis >= 0; axis--) {
      starts[row] += (rest % inner[axis]) * stride;
      rest = Math.floor(rest / inner[axis]);
      stride *= outer[axis];
    }
  }
  return starts;
}

/** The corner of shape `inner` of an array of shape `outer`. */
export function crop(data: Float32Array, outer: Shape, inner: Shape): Float32Array {
  const length = size(inner);
  if (length === data.length) return data;
  const width = inner.at(-1)!;
  const cropped = new Float32Array(length);
  rowStarts(inner, outer).forEach((start, row) =>
    cropped.set(data.subarray(start, start + width), row * width)
  );
  return cropped;
}

/**
 * Edits of one activation of shape `inner`, in their order, as `x · scale + shift` over an array of
 * shape `outer` that is padded with values to leave alone.
 */
export function affineEdit(
  edits: readonly RowEdit[],
  inner: Shape,
  outer: Shape
): {scale: Float32Array; shift: Float32Array} {
  const width = inner.at(-1)!;
  const starts = rowStarts(inner, outer);
  const scale = new Float32Array(size(outer)).fill(1);
  const shift = new Float32Array(size(outer));
  for (const {op, rowOf, values} of edits)
    rowOf.forEach((n, row) => {
      if (n === 0) return;
      for (let c = 0; c < width; c++) {
        const value = values[(n - 1) * width + c];
        const at = starts[row] + c;
        if (op === "replace") scale[at] = 0;
        if (op === "scale") scale[at] *= value;
        if (op === "scale") shift[at] *= value;
        else shift[at] = op === "add" ? shift[at] + value : value;
      }
    });
  return {scale, shift};
}
