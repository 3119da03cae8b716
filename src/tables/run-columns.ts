import type {Prediction, Run} from "../model/run.js";
import {siteAxes, siteLayer} from "../model/sites.js";
import type {ColumnValues, Lists} from "./arrow.js";
import type {RunTable} from "./schema.js";

/** The tables that hold values; `activation_values` is a view. */
export type StoredTable = Exclude<RunTable, "activation_values">;

/** The columns of a run's table, in the order of `schema.ts`. */
export const runColumns: Readonly<Record<StoredTable, (run: Run) => ColumnValues[]>> = {
  tokens: ({tokens}) => [
    tokens.map((_, pos) => pos),
    tokens.map(({id}) => id),
    tokens.map(({text}) => text)
  ],
  predictions: ({predictions}) =>
    ranked(
      predictions.map((row, pos) => ({at: [pos], row})),
      1
    ),
  lens: ({lens}) =>
    ranked(
      lens.flatMap((rows, layer) => rows.map((row, pos) => ({at: [layer, pos], row}))),
      2
    ),
  activations: (run) => vectors(run)
};

interface Keyed {
  readonly at: readonly number[];
  readonly row: readonly Prediction[];
}

function ranked(rows: readonly Keyed[], keys: number): ColumnValues[] {
  const flat = rows.flatMap(({at, row}) => row.map((token, i) => ({at, rank: i + 1, token})));
  return [
    ...Array.from({length: keys}, (_, key) => flat.map(({at}) => at[key])),
    flat.map(({rank}) => rank),
    flat.map(({token}) => token.id),
    flat.map(({token}) => token.text),
    flat.map(({token}) => token.p)
  ];
}

/** One row per vector of the last axis, with its head and position read off the other axes. */
function vectors({
  activations
}: Run): [string[], (number | null)[], (number | null)[], number[], Lists] {
  const total = [...activations.values()].reduce((sum, {data}) => sum + data.length, 0);
  const values = new Float32Array(total);
  const offsets = [0];
  const [sites, layers, heads, positions] = [
    [] as string[],
    [] as (number | null)[],
    [] as (number | null)[],
    [] as number[]
  ];
  for (const [site, {shape, data}] of activations) {
    const axes = siteAxes(site);
    const [head, pos] = [axes.indexOf("head"), axes.findIndex((a) => a === "pos" || a === "query")];
    const stride = (axis: number) => shape.slice(axis + 1, -1).reduce((a, b) => a * b, 1);
    const width = shape[shape.length - 1];
    const index = (row: number, axis: number) => Math.floor(row / stride(axis)) % shape[axis];
    values.set(data, offsets[offsets.length - 1]);
    for (let row = 0; row < data.length / width; row++) {
      sites.push(site);
      layers.push(siteLayer(site));
      heads.push(head < 0 ? null : index(row, head));
      positions.push(index(row, pos));
      offsets.push(offsets[offsets.length - 1] + width);
    }
  }
  return [sites, layers, heads, positions, {offsets: Int32Array.from(offsets), values}];
}
