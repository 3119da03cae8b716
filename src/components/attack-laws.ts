import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {uprightTitle} from "./upright-title.js";

/** How much text the activations of one model force. */
export interface AttackLaw {
  readonly model: string;
  readonly width: number;
  readonly points: readonly {
    /** Controlled activations. */
    readonly a: number;
    /** The number of tokens of which half are forced, and its 95 % band. */
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
  readonly line: {readonly slope: number; readonly intercept: number};
}

const rowsOf = (laws: readonly AttackLaw[]) =>
  laws.flatMap(({model, width, points, line}) =>
    points.map(({a, value, low, high}, i) => ({
      ...{model, width, a, low, high},
      tokens: value,
      line: Math.max(0, line.intercept + line.slope * a),
      name: i === points.length - 1 ? `width ${width}` : ""
    }))
  );

function finding(laws: readonly AttackLaw[]): string {
  const sorted = laws.toSorted((one, other) => one.width - other.width);
  const [narrow, wide] = [sorted[0], sorted.at(-1)!];
  return `Each activation that is controlled forces ${narrow.line.slope.toFixed(1)} tokens at width ${narrow.width}, ${wide.line.slope.toFixed(1)} at width ${wide.width}`;
}

const tokens = (field: string) => ({field, type: "quantitative" as const});

const spec: TopLevelSpec = {
  description: "Tokens that are forced, by the number of controlled activations, one line a model",
  data: {name: "rows"},
  height: 320,
  padding: {left: 2, top: 2, right: 76, bottom: 2},
  encoding: {
    x: {
      field: "a",
      type: "quantitative",
      scale: {nice: false, domainMin: 0},
      axis: {title: "controlled activations a", tickMinStep: 1, grid: false}
    },
    detail: {field: "model"},
    opacity: {
      field: "width",
      type: "quantitative",
      legend: null,
      scale: {type: "log", range: [0.45, 1]}
    }
  },
  layer: [
    {
      mark: {type: "line", strokeWidth: 1.5, color: color("accent")},
      encoding: {y: {...tokens("line"), axis: {title: "tokens forced, t_max", ...uprightTitle}}}
    },
    {
      mark: {type: "rule", strokeWidth: 1.5, color: color("second")},
      encoding: {y: tokens("low"), y2: {field: "high"}}
    },
    {
      mark: {type: "point", filled: true, size: 45, color: color("second")},
      encoding: {
        y: tokens("tokens"),
        tooltip: [
          {field: "model"},
          {field: "width"},
          {field: "a", title: "activations"},
          {field: "tokens", title: "tokens forced", format: ".1f"},
          {field: "low", title: "95 % from", format: ".1f"},
          {field: "high", title: "to", format: ".1f"}
        ]
      }
    },
    {
      transform: [{filter: "datum.name !== ''"}],
      mark: {type: "text", align: "left", dx: 8},
      encoding: {y: tokens("line"), text: {field: "name"}, opacity: {value: 1}}
    }
  ]
};

/** How the text that is forced grows with the activations that are controlled, one line a model. */
export const attackLaws: Chart<[laws: readonly AttackLaw[]]> = {
  name: "attack-laws",
  caption:
    "Orange: the number of random tokens of which half are forced, with its 95 % band over texts. Blue: the line of least squares, one a model.",
  spec,
  of: (laws) => ({rows: rowsOf(laws), finding: finding(laws)})
};
