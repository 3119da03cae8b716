import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {exponentText} from "./feature-movement.js";
import {color} from "./theme.js";
import {uprightTitle} from "./upright-title.js";
import type {Row} from "./vega-chart.js";

/** What becomes of a network as it widens, at one point of the plane. */
export interface PlanePoint {
  /** Exponent of the size at which the read-out starts. */
  readonly start: number;
  /** Exponent of the larger of the hidden layers' steps. */
  readonly step: number;
  readonly r: number;
  readonly zone: "features" | "kernel" | "trivial" | "unstable";
}

export interface AbcPlane {
  /** Cells of the plane, evenly spaced. */
  readonly cells: readonly PlanePoint[];
  readonly marks: readonly (PlanePoint & {readonly name: string; readonly own: boolean})[];
}

export const zoneTexts: Readonly<Record<PlanePoint["zone"], string>> = {
  features: "learns features",
  kernel: "becomes a kernel machine",
  trivial: "learns nothing at infinite width",
  unstable: "is unstable"
};

/** Half the side of a cell. */
const HALF = 0.0125;

function planeRows({cells, marks}: AbcPlane): Row[] {
  return [
    ...cells.map(({start, step, r, zone}) => ({
      kind: "cell",
      x: start - HALF,
      x2: start + HALF,
      y: step - 2 * HALF,
      y2: step + 2 * HALF,
      r,
      zone,
      becomes: zoneTexts[zone]
    })),
    ...marks.map(({name, own, start, step, r, zone}) => ({
      kind: "mark",
      name,
      own,
      x: start,
      y: step,
      r,
      zone,
      becomes: zoneTexts[zone]
    }))
  ];
}

function planeFinding({marks}: AbcPlane): string {
  const own = marks.find((mark) => mark.own) ?? marks[marks.length - 1];
  const moves = own.zone === "unstable" ? "" : `: its features move as ${exponentText(-own.r)}`;
  return `As it widens, this network ${zoneTexts[own.zone]}${moves}`;
}

const spec: TopLevelSpec = {
  description: "Parametrisations by two exponents, shaded by how fast features stop moving",
  data: {name: "rows"},
  height: 260,
  encoding: {
    x: {
      field: "x",
      type: "quantitative",
      scale: {domain: [0.4875, 1.2625], nice: false},
      axis: {title: "the read-out starts at n to minus this", tickCount: 4, grid: false}
    },
    y: {
      field: "y",
      type: "quantitative",
      scale: {domain: [-1.275, 0.525], nice: false},
      axis: {
        title: "hidden layers step by n to minus this × gradient",
        ...uprightTitle,
        tickCount: 5,
        grid: false
      }
    }
  },
  layer: [
    {
      transform: [{filter: "datum.kind === 'cell' && datum.zone !== 'unstable'"}],
      mark: {type: "rect", clip: true, strokeWidth: 0},
      encoding: {
        x2: {field: "x2"},
        y2: {field: "y2"},
        color: {
          condition: {test: "datum.zone === 'trivial'", value: color("muted")},
          value: color("accent")
        },
        opacity: {
          field: "r",
          type: "quantitative",
          scale: {domain: [0, 1.5], range: [0.75, 0.06], clamp: true},
          legend: null
        },
        tooltip: [{field: "becomes"}, {field: "r", format: ".2f"}]
      }
    },
    {
      data: {values: [{x: 0.515, y: -0.85, text: "unstable: something grows without bound"}]},
      mark: {type: "text", align: "left", color: color("muted")},
      encoding: {text: {field: "text"}}
    },
    {
      transform: [{filter: "datum.kind === 'mark'"}],
      mark: {type: "point", filled: true, size: 90, opacity: 1, clip: true},
      encoding: {
        color: {condition: {test: "datum.own", value: color("second")}, value: color("ink")},
        tooltip: [{field: "name"}, {field: "becomes"}, {field: "r", format: ".2f"}]
      }
    },
    {
      transform: [{filter: "datum.kind === 'mark'"}],
      mark: {type: "text", align: "left", dx: 9, dy: -8},
      encoding: {text: {field: "name"}}
    }
  ]
};

/** Where a parametrisation stands between kernel machines, feature learning and what breaks. */
export const abcPlane: Chart<[plane: AbcPlane]> = {
  name: "abc-plane",
  caption:
    "Darker: features move more at large width; at the darkest edge, where μP is, they always move. Blank: unstable. Grey: the function itself stands still.",
  spec,
  of: (plane) => ({rows: planeRows(plane), finding: planeFinding(plane)})
};
