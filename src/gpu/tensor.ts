import {type Shape, size} from "./shape.js";

/** `f16` packs two values to a 32-bit word, `i8` four and `i4` eight, so none needs an optional feature. */
export type Dtype = "f32" | "u32" | "f16" | "i8" | "i4";

/** An array in GPU memory. */
export interface Tensor {
  readonly shape: Shape;
  readonly dtype: Dtype;
  readonly buffer: GPUBuffer;
  /** Where in the buffer it starts, in bytes; 0 when left out. */
  readonly offset?: number;
}

const BITS: Readonly<Record<Dtype, number>> = {f32: 32, u32: 32, f16: 16, i8: 8, i4: 4};

/** The bytes that bind a tensor, a whole number of `vec4<u32>` and never none. */
export const byteLength = ({shape, dtype}: Pick<Tensor, "shape" | "dtype">): number =>
  Math.max(16, Math.ceil((size(shape) * BITS[dtype]) / 128) * 16);
