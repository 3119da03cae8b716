import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {uprightTitle} from "./upright-title.js";

/** What heads make of the members of a class. */
export interface SuccessorMatrix {
  /** In words, such as `Head 3` or `The heads together`. */
  readonly heads: string;
  /** The class, such as `numbers`. */
  readonly name: string;
  /** Bright cells of the matrix. */
  readonly cells: readonly {
    readonly given: string;
    readonly given_index: number;
    readonly called: string;
    readonly called_index: number;
    readonly z: number;
    readonly top: boolean;
    readonly successor: boolean;
  }[];
}

function finding({heads, name, cells}: SuccessorMatrix): string {
  const asked = cells.filter(({successor}) => successor);
  const right = asked.filter(({top}) => top).length;
  return `${heads}: ${right} of ${asked.length} ${name} call for the one that follows, by weights alone`;
}

const axis = {labelOverlap: true, labelColor: color("ink"), labelAngle: 0} as const;

const spec: TopLevelSpec = {
  description: "What each member of a class calls for: rows are given, columns are called for",
  data: {name: "rows"},
  height: 420,
  transform: [{calculate: "max(0, datum.z)", as: "strength"}],
  mark: {type: "rect"},
  encoding: {
    x: {
      field: "called",
      type: "ordinal",
      sort: {field: "called_index", op: "min"},
      axis: {...axis, title: "called for"}
    },
    y: {
      field: "given",
      type: "ordinal",
      sort: {field: "given_index", op: "min"},
      axis: {...axis, title: "given", ...uprightTitle}
    },
    fill: {
      condition: {test: "datum.top && !datum.successor", value: color("second")},
      value: color("accent")
    },
    fillOpacity: {
      field: "strength",
      type: "quantitative",
      scale: {domainMin: 0, range: [0, 1], nice: false},
      legend: null
    },
    tooltip: [
      {field: "given"},
      {field: "called", title: "called for"},
      {field: "z", title: "deviations above its row", format: ".2f"},
      {field: "successor"}
    ]
  }
};

/** Heads' weights as a table of which member of a class calls for which. */
export const successorMatrix: Chart<[matrix: SuccessorMatrix]> = {
  name: "successor-matrix",
  caption:
    "Each row: one token, given to the heads. The stronger a cell, the more they call for that column. Successors lie one right of the diagonal; orange is a row’s strongest where it is another.",
  spec,
  of: (matrix) => ({rows: matrix.cells.map((cell) => ({...cell})), finding: finding(matrix)})
};
