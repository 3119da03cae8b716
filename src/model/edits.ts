import {formatShape, rowCount, type Shape} from "../gpu/shape.js";
import type {ModelConfig} from "./config.js";
import {type Axis, type Site, siteAxes, SiteError, siteShape} from "./sites.js";

/** A change to a named activation while the model runs: what TransformerLens does in a hook. */
export interface Edit {
  readonly site: Site;
  /** `replace` the value (zero-ablation: replace with 0), `add` to it (steering), or `scale` it. */
  readonly op: "replace" | "add" | "scale";
  /** One number, one vector of the last axis for every edited row, or one such vector per edited row. */
  readonly value: number | Float32Array;
  /** Sequences of the batch; all when left out. */
  readonly batch?: readonly number[];
  /** Token positions (queries, in attention scores and pattern); negative counts from the end; all when left out. */
  readonly pos?: readonly number[];
  /** Attention heads, at sites that have them; all when left out. */
  readonly head?: readonly number[];
}

/** An edit laid out over the rows of its activation: every backend applies this. */
export interface RowEdit {
  readonly op: Edit["op"];
  /** For each row of the activation, 0 to leave it alone, or n + 1 to edit it with row n of `values`. */
  readonly rowOf: Uint32Array;
  /** `[edited rows, channels]`. */
  readonly values: Float32Array;
}

function chosen(edit: Edit, axis: Axis, length: number): Set<number> | null {
  const asked =
    axis === "batch"
      ? edit.batch
      : axis === "pos" || axis === "query"
        ? edit.pos
        : axis === "head"
          ? edit.head
          : undefined;
  if (!asked) return null;
  return new Set(
    asked.map((index) => {
      const at = index < 0 ? index + length : index;
      if (!Number.isInteger(at) || at < 0 || at >= length)
        throw new SiteError(
          `edit of ${edit.site}: ${axis} must be in 0 … ${length - 1} (or negative from the end), got ${index}`
        );
      return at;
    })
  );
}

/**
 * Lays an edit out over the rows of its activation.
 *
 * @throws {SiteError} if an index is out of range, an axis is not the site's, or the value does not fit.
 */
export function rowEdit(edit: Edit, config: ModelConfig, batch: number, tokens: number): RowEdit {
  const shape: Shape = siteShape(edit.site, config, batch, tokens);
  const axes = siteAxes(edit.site);
  if (edit.head && !axes.includes("head"))
    throw new SiteError(`edit of ${edit.site}: head must be left out, this site has none`);
  const channels = shape.at(-1)!;
  const rows = rowCount(shape);
  const picks = axes.slice(0, -1).map((axis, i) => chosen(edit, axis, shape[i]));
  const rowOf = new Uint32Array(rows);
  let edited = 0;
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let hit = true;
    for (let axis = picks.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis];
      rest = (rest - index) / shape[axis];
      if (picks[axis]?.has(index) === false) hit = false;
    }
    if (hit) rowOf[row] = ++edited;
  }
  return {op: edit.op, rowOf, values: valuesOf(edit, edited, channels, shape)};
}

/** The edits of a forward pass by site, laid out over rows, in the order given. */
export function layOut(
  edits: readonly Edit[],
  config: ModelConfig,
  batch: number,
  tokens: number
): ReadonlyMap<Site, readonly RowEdit[]> {
  const bySite = new Map<Site, RowEdit[]>();
  for (const edit of edits) {
    const laidOut = bySite.get(edit.site) ?? [];
    bySite.set(edit.site, [...laidOut, rowEdit(edit, config, batch, tokens)]);
  }
  return bySite;
}

function valuesOf({value, site}: Edit, edited: number, channels: number, shape: Shape) {
  const values = new Float32Array(edited * channels);
  if (typeof value === "number") return values.fill(value);
  if (value.length === values.length) values.set(value);
  else if (value.length === channels)
    for (let row = 0; row < edited; row++) values.set(value, row * channels);
  else
    throw new SiteError(
      `edit of ${site}: value must be a number, ${channels} numbers or ${edited} × ${channels} to fit ${formatShape(shape)}, got ${value.length}`
    );
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new SiteError(`edit of ${site}: value must be finite, got ${values[bad]} at ${bad}`);
  return values;
}
