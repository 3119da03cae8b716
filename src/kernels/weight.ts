import {type Gpu, GpuError} from "../gpu/gpu.js";
import {formatShape, size} from "../gpu/shape.js";
import {byteLength, type Dtype, type Tensor} from "../gpu/tensor.js";
import {roundToEven, toF16} from "./half.js";
import {GROUP, groupsOf, packI4} from "./int4.js";

export const WEIGHT_DTYPES = ["f32", "f16", "i8", "i4"] as const;
export type WeightDtype = (typeof WEIGHT_DTYPES)[number];

/** A matrix as kernels read it: each row is one output's weights. */
export interface Weight {
  /** `[out, in]`. */
  readonly shape: readonly [out: number, columns: number];
  /** `[out, in]` for f32; packed rows are padded with zeros to whole quads, those of i4 to whole groups. */
  readonly values: Tensor;
  /** Of i8, `[out]`: what each row's integers are multiplied by. Of i4, `[out, 2 · groups]`: see int4.ts. */
  readonly scales?: Tensor;
  /** The rows for which one binding of the device has no room; `values` then holds those before. */
  readonly rest?: Weight;
}

/** What takes a matrix: a device, or an arena on it. */
export type TensorStore = Pick<Gpu, "tensor" | "write" | "largestBinding">;

/** The parts of a weight, each in a binding of its own, and the row of the whole at which each starts. */
export function partsOf(weight: Weight): {readonly first: number; readonly part: Weight}[] {
  const parts = [];
  for (let next: Weight | undefined = weight; next; next = next.rest) {
    const {shape, rest, ...tensors} = next;
    const [rows, columns] = shape;
    const part: Weight = {shape: [rows - (rest?.shape[0] ?? 0), columns], ...tensors};
    parts.push({first: weight.shape[0] - rows, part});
  }
  return parts;
}

/** Rows of `columns` values as halves, two to a word, each row padded with zeros to whole quads. */
export function packF16(values: Float32Array, columns: number): Uint32Array {
  const {rows, quads} = quadRows(values, columns);
  const words = new Uint32Array(rows * quads * 2);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      words[row * quads * 2 + (column >> 1)] |=
        toF16(values[row * columns + column]) << (16 * (column % 2));
  return words;
}

/**
 * Rows of `columns` values as signed bytes, four to a word, each row padded with zeros to whole
 * quads. A row's scale is its largest magnitude / 127; a byte is `value / scale`, ties to even, so
 * that every value is off by at most half a scale.
 */
export function packI8(
  values: Float32Array,
  columns: number
): {words: Uint32Array; scales: Float32Array} {
  const {rows, quads} = quadRows(values, columns);
  const words = new Uint32Array(rows * quads);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * columns, (row + 1) * columns);
    const largest = line.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
    scales[row] = largest / 127;
    if (scales[row] === 0) continue;
    for (let column = 0; column < columns; column++) {
      const byte = Math.max(-127, Math.min(127, roundToEven(line[column] / scales[row])));
      words[row * quads + (column >> 2)] |= (byte & 0xff) << (8 * (column % 4));
    }
  }
  return {words, scales};
}

function quadRows(values: Float32Array, columns: number): {rows: number; quads: number} {
  return {rows: columns === 0 ? 0 : values.length / columns, quads: Math.ceil(columns / 4)};
}

/** How many columns a row of a type takes. */
const paddedTo = (columns: number, dtype: WeightDtype): number =>
  dtype === "f32"
    ? columns
    : dtype === "i4"
      ? GROUP * groupsOf(columns)
      : 4 * Math.ceil(columns / 4);

/**
 * The most rows of a matrix that fit in one binding, a multiple of four.
 *
 * @throws {GpuError} if not even four do.
 */
export function rowsPerBinding(
  name: string,
  [rows, columns]: readonly [out: number, columns: number],
  dtype: WeightDtype,
  largestBinding: number
): number {
  const bytes = (count: number) => byteLength({shape: [count, paddedTo(columns, dtype)], dtype});
  if (bytes(rows) <= largestBinding) return rows;
  const most = 4 * Math.floor(largestBinding / bytes(4));
  if (most === 0)
    throw new GpuError(
      `${name}: four rows of ${columns} values need a binding of ${bytes(4)} bytes, this device allows ${largestBinding}`
    );
  return most;
}

/** The tensors that `uploadWeight` makes of a matrix. */
export function weightTensors(
  shape: readonly [out: number, columns: number],
  dtype: WeightDtype,
  largestBinding: number
): Pick<Tensor, "shape" | "dtype">[] {
  const [rows, columns] = shape;
  const most = rowsPerBinding("weight", shape, dtype, largestBinding);
  return partRows(rows, most).flatMap(({first, end}) => {
    const part = [end - first, paddedTo(columns, dtype)];
    const scales = scalesOf(end - first, columns, dtype);
    return [{shape: part, dtype}, ...(scales ? [scales] : [])];
  });
}

/** The rows of each part of a matrix. */
const partRows = (rows: number, most: number) =>
  Array.from({length: Math.max(1, Math.ceil(rows / most))}, (_, i) => ({
    first: i * most,
    end: Math.min(rows, (i + 1) * most)
  }));

const scalesOf = (
  rows: number,
  columns: number,
  dtype: WeightDtype
): Pick<Tensor, "shape" | "dtype"> | undefined =>
  dtype === "i8"
    ? {shape: [rows], dtype: "f32"}
    : dtype === "i4"
      ? {shape: [rows, 2 * groupsOf(columns)], dtype: "f16"}
      : undefined;

/**
 * Stores a matrix on the device, in several bindings where one is too small. f32 takes four bytes a
 * value, f16 two, i8 one and i4 five eighths.
 *
 * @throws {RangeError} if there are not out × in values, or one does not fit in f16.
 * @throws {GpuError} if four rows do not fit in a binding.
 */
export function uploadWeight(
  gpu: TensorStore,
  shape: readonly [out: number, columns: number],
  values: Float32Array,
  dtype: WeightDtype
): Weight {
  if (values.length !== size(shape))
    throw new RangeError(
      `weight: ${formatShape(shape)} holds ${size(shape)} values, got ${values.length}`
    );
  const weight = emptyWeight(gpu, shape, dtype);
  writeRows(gpu, weight, 0, values);
  return weight;
}

/** Room for a matrix, to be filled by `writeRows`. */
export function emptyWeight(
  gpu: TensorStore,
  shape: readonly [out: number, columns: number],
  dtype: WeightDtype
): Weight {
  const [rows, columns] = shape;
  const most = rowsPerBinding("weight", shape, dtype, gpu.largestBinding);
  let weight: Weight | undefined;
  for (const {first, end} of partRows(rows, most).toReversed()) {
    const scales = scalesOf(end - first, columns, dtype);
    weight = {
      shape: [rows - first, columns],
      values: gpu.tensor([end - first, paddedTo(columns, dtype)], dtype),
      ...(scales && {scales: gpu.tensor(scales.shape, scales.dtype)}),
      ...(weight && {rest: weight})
    };
  }
  return weight!;
}

/** Writes whole rows of a matrix, from row `first` on, wherever its parts have them. */
export function writeRows(
  gpu: TensorStore,
  weight: Weight,
  first: number,
  values: Float32Array
): void {
  const columns = weight.shape[1];
  const end = first + (columns === 0 ? 0 : values.length / columns);
  for (const {first: start, part} of partsOf(weight)) {
    const [from, to] = [Math.max(first, start), Math.min(end, start + part.shape[0])];
    if (from >= to) continue;
    const rows = values.subarray((from - first) * columns, (to - first) * columns);
    const {words, scales} = packed(rows, columns, part.values.dtype);
    const rowBytes = words.byteLength / (to - from);
    gpu.write(part.values, words, (from - start) * rowBytes);
    if (scales) gpu.write(part.scales!, scales, ((from - start) * scales.byteLength) / (to - from));
  }
}

function packed(
  rows: Float32Array,
  columns: number,
  dtype: Dtype
): {words: Float32Array | Uint32Array; scales?: Float32Array | Uint32Array} {
  switch (dtype) {
    case "f16":
      return {words: packF16(rows, columns)};
    case "i8":
      return packI8(rows, columns);
    case "i4": {
      const {words, ranges} = packI4(rows, columns);
      return {words, scales: ranges};
    }
    case "f32":
    case "u32":
      return {words: rows};
  }
}
