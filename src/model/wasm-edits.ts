import type {ModelConfig} from "./config.js";
import {tokensAt} from "./edit-windows.js";
import type {JaxArray} from "./jax.js";
import {affineEdit, bucketOf} from "./padding.js";
import type {Plan} from "./plan.js";
import {siteShape} from "./sites.js";
import type {Arrays} from "./wasm-arrays.js";
import type {Affine} from "./wasm-ops.js";

/** How many tokens a pass is compiled for; one that goes on from a cache is one token long, and needs no other size. */
export const bucketAt = (length: number, start: number, context: number): number =>
  start > 0 ? length : bucketOf(length, context);

/** Edits of a pass; `start` is given where there is a cache, whose keys are as many as the context's. */
export function affineEdits(
  arrays: Arrays,
  config: ModelConfig,
  edits: Plan["edits"],
  {length: batch, 0: {length}}: readonly (readonly number[])[],
  start?: number
): Record<string, Affine<JaxArray>> {
  const bucket = bucketAt(length, start ?? 0, config.context);
  return Object.fromEntries(
    [...edits].map(([site, rowEdits]) => {
      const shapeOf = (tokens: number, keys: number) =>
        siteShape(site, config, batch, start === undefined ? tokens : tokensAt(site, tokens), keys);
      const inner = shapeOf(length, (start ?? 0) + length);
      const padded = shapeOf(bucket, start === undefined ? bucket : config.context);
      const {scale, shift} = affineEdit(rowEdits, inner, padded);
      return [site, {scale: arrays.floats(padded, scale), shift: arrays.floats(padded, shift)}];
    })
  );
}
