import type {Gpu} from "../gpu/gpu.js";
import {formatShape, size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";

export type WeightDtype = "f32" | "f16" | "i8";

/** A matrix as kernels read it: each row is one output's weights. */
export interface Weight {
  /** `[out, in]`. */
  readonly shape: readonly [out: number, columns: number];
  /** `[out, in]` for f32; packed rows are padded with zeros to `[out, 4·⌈in / 4⌉]`. */
  readonly values: Tensor;
  /** `[out]`, for i8 only: what each row's integers are multiplied by. */
  readonly scales?: Tensor;
}

const MAX_F16 = 65504;
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * The IEEE half nearest to a float32, ties to even, as 16 bits. Beyond 65,504 it throws: WGSL
 * promises nothing about infinities.
 *
 * @throws {RangeError} for NaN, and for what would round to more than 65,504 in magnitude.
 */
export function toF16(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const magnitude = Math.abs(single[0]);
  if (!(magnitude < MAX_F16 + 16))
    throw new RangeError(`weight: values must be at most 65504 to be stored as f16, got ${value}`);
  // Below 2^-14 a half counts in steps of 2^-24; above, it keeps 10 of 23 bits of the fraction.
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24);
  const rebiased = (bits[0] & 0x7fffffff) - ((127 - 15) << 23);
  return sign | roundToEven(rebiased / 2 ** 13);
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
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

/**
 * Stores a matrix on the device. f32 takes four bytes a value, f16 two and i8 one.
 *
 * @throws {RangeError} if there are not out × in values, or one does not fit in f16.
 */
export function uploadWeight(
  gpu: Gpu,
  shape: readonly [out: number, columns: number],
  values: Float32Array,
  dtype: WeightDtype
): Weight {
  if (values.length !== size(shape))
    throw new RangeError(
      `weight: ${formatShape(shape)} holds ${size(shape)} values, got ${values.length}`
    );
  if (dtype === "f32") return {shape, values: gpu.upload(shape, values)};
  const [rows, columns] = shape;
  const padded = [rows, 4 * Math.ceil(columns / 4)];
  if (dtype === "f16") return {shape, values: gpu.upload(padded, packF16(values, columns), "f16")};
  const {words, scales} = packI8(values, columns);
  return {
    shape,
    values: gpu.upload(padded, words, "i8"),
    scales: gpu.upload([rows], scales)
  };
}
