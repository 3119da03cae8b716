import {checkShape, formatShape, ShapeError, type Shape} from "../gpu/shape.js";

/** The axes of an attention. */
export interface AttentionShape {
  readonly batch: number;
  readonly tokens: number;
  readonly heads: number;
  /** Positions that there is room for; those past the last query are not looked at. */
  readonly keys: number;
  /** Each serves `heads / kvHeads` neighbouring heads. */
  readonly kvHeads: number;
  readonly headWidth: number;
}

/** The widest head whose tiles fit 16 KiB of workgroup memory. */
const WIDEST = 128;

/**
 * Reads the axes off `q` `[batch, tokens, heads, headWidth]` and `k` (or `v`)
 * `[batch, keys, kvHeads, headWidth]`.
 *
 * @throws {ShapeError} if they do not fit each other.
 */
export function attentionShape(op: string, name: string, q: Shape, kv: Shape): AttentionShape {
  const [batch, tokens, heads, headWidth] = q;
  const [, keys, kvHeads] = kv;
  if (q.length !== 4)
    throw new ShapeError(
      `${op}: q must be [batch, tokens, heads, headWidth] to be queries, got ${formatShape(q)}`
    );
  checkShape(op, name, kv, [batch, keys, kvHeads, headWidth], "to match the queries");
  if (heads % kvHeads !== 0)
    throw new ShapeError(
      `${op}: heads must be a multiple of ${kvHeads} to share the heads of ${name}, got ${heads}`
    );
  if (headWidth > WIDEST)
    throw new ShapeError(
      `${op}: headWidth must be at most ${WIDEST} to fit workgroup memory, got ${headWidth}`
    );
  return {batch, tokens, heads, keys, kvHeads, headWidth};
}

/** Throws a ShapeError if the queries, which begin at position `start`, are past the last key. */
export function checkStart(op: string, {tokens, keys}: AttentionShape, start: number): void {
  if (start + tokens > keys)
    throw new ShapeError(
      `${op}: start must be at most ${keys - tokens} to give ${tokens} queries a key each, got ${start}`
    );
}
