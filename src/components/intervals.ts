import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";

/** A value with its band, such as `{x, ...bootstrap(values)}`. */
export interface Interval {
  /** What it is of: a layer, a group. */
  readonly x: string | number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const spec: TopLevelSpec = {
  description: "Values with their bands",
  data: {name: "rows"},
  height: 220,
  encoding: {
    x: {field: "x", type: "ordinal", sort: null, axis: {title: null, labelAngle: 0}},
    tooltip: [
      {field: "x", title: "of"},
      {field: "value", format: ".3~f"},
      {field: "low", format: ".3~f"},
      {field: "high", format: ".3~f"}
    ]
  },
  layer: [
    {
      mark: {type: "rule", color: color("accent"), strokeWidth: 2},
      encoding: {
        y: {field: "low", type: "quantitative", axis: {title: null}},
        y2: {field: "high"}
      }
    },
    {
      mark: {type: "circle", color: color("accent"), size: 70, opacity: 1},
      encoding: {y: {field: "value", type: "quantitative"}}
    }
  ]
};

/** A point for each value and a line over its band, side by side in the order given. */
export const intervals: Chart<[rows: readonly Interval[], finding: string]> = {
  name: "intervals",
  caption: "Points are values, lines the bands in which 95 % of their resamples lie.",
  spec,
  of: (rows, finding) => ({rows: rows.map((row) => ({...row})), finding})
};
