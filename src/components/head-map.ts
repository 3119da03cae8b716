import type {AblatedHead} from "../model/sweeps/ablate-heads.js";
import type {PatchedCell} from "../model/sweeps/patch-each.js";
import type {Chart} from "./chart.js";
import {signedMap} from "./signed-map.js";

type Cell = AblatedHead | PatchedCell;

const valueOf = (cell: Cell): number => ("effect" in cell ? cell.effect : cell.recovered);

/** The finding of a map of heads: the one that matters most. */
function headFinding(cells: readonly Cell[]): string {
  const most = cells.reduce((a, b) => (Math.abs(valueOf(b)) > Math.abs(valueOf(a)) ? b : a));
  const head = `head ${most.head} of block ${most.layer}`;
  if (!("effect" in most))
    return `${head[0].toUpperCase()}${head.slice(1)} brings back most: ${Math.round(100 * most.recovered)}%`;
  const moves = most.effect < 0 ? "falls" : "rises";
  return `Without ${head} the logit difference ${moves} most: by ${Math.abs(most.effect).toFixed(2)}`;
}

/** A heat map of layers over heads: what `ablateHeads` gives, or `patchEach` at a site with heads. */
export const headMap: Chart<[cells: readonly AblatedHead[] | readonly PatchedCell[]]> = {
  name: "head-map",
  caption:
    "Each cell: one head, removed or patched, and what that does to the logit difference. Orange lowers it, blue raises it.",
  spec: signedMap({
    description: "Effects of heads: layers over heads",
    position: "head",
    column: "datum.head + '\\thead ' + datum.head",
    value: "isValid(datum.effect) ? datum.effect : datum.recovered",
    tooltip: [{title: "head", shown: "datum.head"}]
  }),
  of: (cells) => ({rows: cells.map((cell) => ({...cell})), finding: headFinding(cells)})
};
