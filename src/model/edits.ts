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
  /** `[rows, channels]`; one value for every edited row is one row. */
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
  const edited: number[] = [];
  for (let row = 0; row < rows; row++) {
    let rest = row;
    let hit = true;
    for (let axis = picks.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis];
      rest = (rest - index) / shape[axis];
      if (picks[axis]?.has(index) === false) hit = false;
    }
    if (hit) edited.push(row);
  }
  const values = valuesOf(edit, edited.length, channels, shape);
  const shared = values.length === channels;
  edited.forEach((row, n) => (rowOf[row] = shared ? 1 : n + 1));
  return {op: edit.op, rowOf, values};
}

/**
 * The edits of a forward pass by site, laid out over rows, in the order given. Neighbours that do the
 * same to different rows are one edit.
 */
export function layOut(
  edits: readonly Edit[],
  config: ModelConfig,
  batch: number,
  tokens: number
): ReadonlyMap<Site, readonly RowEdit[]> {
  const bySite = new Map<Site, RowEdit[]>();
  for (const edit of edits) {
    const laidOut = bySite.get(edit.site) ?? [];
    laidOut.push(rowEdit(edit, config, batch, tokens));
    bySite.set(edit.site, laidOut);
  }
  return new Map(
    [...bySite].map(([site, laidOut]) => [
      site,
      joined(laidOut, siteShape(site, config, batch, tokens).at(-1)!)
    ])
  );
}

function joined(edits: readonly RowEdit[], channels: number): RowEdit[] {
  const groups: {op: Edit["op"]; rowOf: Uint32Array; parts: Float32Array[]; rows: number}[] = [];
  for (const {op, rowOf, values} of edits) {
    const last = groups.at(-1);
    const rows = values.length / channels;
    if (last?.op === op && rowOf.every((n, row) => n === 0 || last.rowOf[row] === 0)) {
      rowOf.forEach((n, row) => n > 0 && (last.rowOf[row] = last.rows + n));
      last.parts.push(values);
      last.rows += rows;
    } else groups.push({op, rowOf, parts: [values], rows});
  }
  return groups.map(({op, rowOf, parts, rows}) => {
    const values = new Float32Array(rows * channels);
    let at = 0;
    for (const part of parts) {
      values.set(part, at);
      at += part.length;
    }
    return {op, rowOf, values};
  });
}

/** One row where every edited row gets the same, else a row for each. */
function valuesOf({value, site}: Edit, edited: number, channels: number, shape: Shape) {
  if (typeof value !== "number" && value.length !== channels && value.length !== edited * channels)
    throw new SiteError(
      `edit of ${site}: value must be a number, ${channels} numbers or ${edited} × ${channels} to fit ${formatShape(shape)}, got ${value.length}`
    );
  const values =
    typeof value === "number" ? new Float32Array(channels).fill(value) : Float32Array.from(value);
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new SiteError(`edit of ${site}: value must be finite, got ${values[bad]} at ${bad}`);
  return values;
}
