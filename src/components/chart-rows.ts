import type * as Vega from "vega";
import type {TopLevelSpec} from "vega-lite";
import type {Row} from "./vega-chart.js";

/** How a chart of one column a token (`usermeta.cells`, with a width by step) fits more of them. */
export interface Cells {
  /** The field that numbers a row's column from 0. */
  readonly position: string;
  /** The steps that shrink; `y_step` too where rows are tokens as well. */
  readonly steps: readonly ("x_step" | "y_step")[];
  /** All columns together take this many pixels, unless each would have fewer than `least`. */
  readonly room: number;
  readonly least: number;
}

/**
 * Lays a view over `{name: "rows"}` out anew for each rows it is given: labels get the margin that they
 * need, and cells the size; they shrink a little to fit a `place` of that many pixels. Gives the middle of the chosen rows' last column, in pixels.
 */
export function rowsOf(
  {changeset}: Pick<typeof Vega, "changeset">,
  view: Vega.View,
  {usermeta}: TopLevelSpec,
  place: () => number = () => Infinity
): (rows: readonly Row[]) => Promise<number | undefined> {
  const {cells} = (usermeta ?? {}) as {readonly cells?: Cells};
  const steps = cells?.steps.map((name) => ({name, most: view.signal(name) as number})) ?? [];
  return async (rows) => {
    for (const {name, most} of steps) view.signal(name, cellSize(cells!, rows, most, place()));
    const changes = changeset()
      .remove(() => true)
      .insert(rows.map((row) => ({...row})));
    await view.change("rows", changes).resize().runAsync();
    const chosen = cells && rows.findLast((row) => row.chosen)?.[cells.position];
    if (chosen === undefined) return undefined;
    return view.origin()[0] + (Number(chosen) + 0.5) * (view.signal("x_step") as number);
  };
}

/** What row labels and padding take of a place, in pixels. */
const MARGIN = 80;
/** Cells shrink to this share of their size to fit their place; charts beyond that are scrolled. */
const LITTLE = 0.7;

function cellSize(
  {position, room, least}: Cells,
  rows: readonly Row[],
  most: number,
  place: number
): number {
  const columns = 1 + rows.reduce((last, row) => Math.max(last, Number(row[position])), 0);
  const fitting = Math.floor((place - MARGIN) / columns);
  const size = fitting >= LITTLE * most ? Math.min(most, fitting) : most;
  return Math.max(least, Math.min(size, Math.floor(room / columns)));
}
