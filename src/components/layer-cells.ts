import type {Cells} from "./chart-rows.js";
import {color} from "./theme.js";
import {keyedLabel} from "./token-text.js";

/** The size of a map of layers over columns, whose cells shrink to fit their place. */
export const layerCells = (position: string, step: number) => ({
  usermeta: {cells: {position, steps: ["x_step"], least: 34, room: 1240} satisfies Cells},
  width: {step},
  height: {step: 27}
});

/** The columns of such a map: the field `column`, keyed by `position`. */
export const columns = (position: string) =>
  ({
    field: "column",
    type: "ordinal",
    sort: {field: position},
    axis: {
      title: null,
      orient: "bottom",
      labelExpr: keyedLabel,
      labelAngle: 0,
      labelLimit: {expr: "x_step"},
      labelFontSize: 11,
      labelColor: color("ink"),
      labelOverlap: false
    }
  }) as const;

/** Its layers, the first at the bottom. */
export const layers = (field: string, order: string) =>
  ({
    field,
    type: "ordinal",
    sort: {field: order, order: "descending"},
    axis: {title: null}
  }) as const;

/** One cell's box. */
export const cellBox = {
  type: "rect",
  cornerRadius: 2,
  stroke: color("faint"),
  strokeWidth: 0.5,
  width: {expr: "x_step - 2"},
  height: 25
} as const;

/** What is written in each cell: the field `shown`. */
export const cellText = {
  mark: {type: "text", fontSize: 11, limit: {expr: "x_step"}},
  encoding: {text: {field: "shown"}, color: {value: color("ink")}}
} as const;
