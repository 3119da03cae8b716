import type {Gpu} from "../gpu/gpu.js";
import {checkShape} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {mixByKey, mixByQuery} from "./attention-mixtures.js";
import {products} from "./attention-products.js";
import {attentionShape, checkStart} from "./attention-shape.js";

export interface Inputs {
  /** `[batch, tokens, heads, headWidth]` */
  readonly q: Tensor;
  /** `[batch, keys, kvHeads, headWidth]`; keys past the last query's position are not looked at. */
  readonly k: Tensor;
}

/**
 * Attention scores, `q·k / √headWidth`, and exactly −1e30 where a key lies ahead of its query. The
 * query i is at position `start + i`.
 *
 * @returns `[batch, heads, tokens, start + tokens]`
 * @throws {ShapeError} if the shapes do not fit each other, or a query has no key.
 */
export function forward(gpu: Gpu, {q, k}: Inputs, {start}: {readonly start: number}): Tensor {
  const shape = attentionShape("attention-scores", "k", q.shape, k.shape);
  checkStart("attention-scores", shape, start);
  const positions = start + shape.tokens;
  return products(gpu, {q, k}, shape, {start, positions, factor: shape.headWidth ** -0.5});
}

/**
 * The gradients of `q` and `k` from that of the scores, `dscores` `[batch, heads, tokens,
 * start + tokens]`, which is not looked at where scores are masked. Keys that no query sees get zeros.
 *
 * @returns The gradient of each argument, of its shape.
 * @throws {ShapeError} if the shapes do not fit each other, or a query has no key.
 */
export function backward(
  gpu: Gpu,
  {q, k, dscores}: Inputs & {readonly dscores: Tensor},
  {start}: {readonly start: number}
): {q: Tensor; k: Tensor} {
  const shape = attentionShape("attention-scores", "k", q.shape, k.shape);
  checkStart("attention-scores", shape, start);
  const {batch, heads, tokens, headWidth} = shape;
  const expected = [batch, heads, tokens, start + tokens];
  checkShape("attention-scores", "dscores", dscores.shape, expected, "to match the scores");
  const options = {start, factor: headWidth ** -0.5};
  return {
    q: mixByQuery(gpu, {pattern: dscores, v: k}, shape, options),
    k: mixByKey(gpu, {pattern: dscores, dz: q}, shape, options)
  };
}
