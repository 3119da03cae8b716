import {forward as layernorm} from "../../kernels/layernorm.cpu.js";
import {forward as matmul} from "../../kernels/matmul.cpu.js";
import type {HostTensor, Linear} from "../../model/weights.js";
import type {HostModel} from "../environment.js";

/** What a head is given of a token: its embedding, what the first MLP makes of it, or both. */
export type Input = "E" | "E+MLP0" | "MLP0";

/** A head by its layer and its place there. */
export interface Head {
  readonly layer: number;
  readonly head: number;
}

const wide = ({data}: HostTensor): Float64Array => Float64Array.from(data);

const linear = (x: Float64Array, {weight, bias}: Linear<HostTensor>): Float64Array =>
  matmul({x, weight: wide(weight), columns: weight.shape[1], ...(bias && {bias: wide(bias)})});

/**
 * What stands for tokens in the residual stream `[tokens, width]`, by the weights alone: no position,
 * and no attention.
 */
export function representations(
  {config, weights}: HostModel,
  tokens: readonly number[],
  input: Input
): Float64Array {
  const {width, eps, mlp} = config;
  const {embedding, blocks} = weights;
  const embedded = Float64Array.from(
    tokens.flatMap((token) => [...embedding.data.subarray(token * width, (token + 1) * width)])
  );
  if (input === "E") return embedded;
  const [{norm2, up, down}] = blocks;
  if (mlp === "silu-gate")
    throw new Error("representations: model must have an MLP without a gate, got silu-gate");
  const read = layernorm({x: embedded, gain: wide(norm2.gain), bias: wide(norm2.bias!)}, eps).y;
  const hidden = matmul(
    {x: read, weight: wide(up.weight), bias: wide(up.bias!), columns: width},
    mlp
  );
  const written = linear(hidden, down);
  return input === "MLP0" ? written : written.map((value, i) => value + embedded[i]);
}

/**
 * What heads of one layer write `[rows, width]` when all their attention is on one row of the residual
 * stream: W_O(W_V·LN(x) + b_V), summed over the heads.
 *
 * @param x `[rows, width]`.
 */
export function written(
  {config: {width, headWidth, heads, kvHeads, eps}, weights}: HostModel,
  layer: number,
  chosen: readonly number[],
  x: Float64Array
): Float64Array {
  const {norm1, value, output} = weights.blocks[layer];
  const read = layernorm({x, gain: wide(norm1.gain), bias: wide(norm1.bias!)}, eps).y;
  const values = linear(read, value);
  const rows = x.length / width;
  const mixed = new Float64Array(rows * heads * headWidth);
  for (let row = 0; row < rows; row++)
    for (const head of chosen)
      for (let i = 0; i < headWidth; i++) {
        const from = Math.floor((head * kvHeads) / heads);
        mixed[(row * heads + head) * headWidth + i] =
          values[(row * kvHeads + from) * headWidth + i];
      }
  return linear(mixed, {weight: output.weight});
}

/**
 * What is written, as logits `[rows, tokens]`: through the gain of the last norm, which takes the mean
 * away. Its divisor, one number a row, is left out: it changes no order within a row.
 *
 * @param x `[rows, width]`.
 */
export function logitsOf(
  {config: {width}, weights: {finalNorm, unembedding}}: HostModel,
  x: Float64Array,
  tokens: readonly number[]
): Float64Array {
  const rows = x.length / width;
  const logits = new Float64Array(rows * tokens.length);
  for (let row = 0; row < rows; row++) {
    const own = x.subarray(row * width, (row + 1) * width);
    const mean = own.reduce((sum, value) => sum + value, 0) / width;
    const scaled = own.map((value, i) => (value - mean) * finalNorm.gain.data[i]);
    tokens.forEach((token, column) => {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += scaled[i] * unembedding.data[token * width + i];
      logits[row * tokens.length + column] = sum;
    });
  }
  return logits;
}
