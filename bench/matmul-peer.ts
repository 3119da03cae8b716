import type {Work} from "./timing.js";

/** `y = x·w` of `[rows, columns]` and `[columns, outs]`. */
export interface Matmul {
  readonly rows: number;
  readonly columns: number;
  readonly outs: number;
  readonly x: Float32Array<ArrayBuffer>;
  /** `[columns, outs]`. */
  readonly w: Float32Array<ArrayBuffer>;
  /** `[outs, columns]`: the same weights. */
  readonly transposed: Float32Array<ArrayBuffer>;
}

/** A matmul whose operands are on the device already. */
export interface PreparedMatmul extends Work {
  /** The output of one run. */
  output(): Promise<Float32Array>;
  close(): void | Promise<void>;
}

/** A library that multiplies matrices, each in the layout of weights that it is best at. */
export type MatmulPeer = (matmul: Matmul) => Promise<PreparedMatmul>;
