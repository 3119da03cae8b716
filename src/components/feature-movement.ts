import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {uprightTitle} from "./upright-title.js";
import type {Row} from "./vega-chart.js";

/** One way to write a network: how far its features move at each width, and what the formula says. */
export interface MovementLine {
  readonly name: string;
  /** The formula's: movement as `width^(−r)`. */
  readonly r: number;
  /** The measured exponent; NaN where there is none. */
  readonly slope: number;
  readonly movements: readonly {readonly width: number; readonly features: number}[];
}

/** Widths from here on count for the slope, and have the formula's line. */
const FITTED_FROM = 64;
const colors = ["second", "muted", "accent", "ink"] as const;

const isShown = ({features}: {readonly features: number}) =>
  Number.isFinite(features) && features > 0;

/** An exponent in words: `n^−0.48`. */
export const exponentText = (value: number): string =>
  Math.abs(value) < 0.005 ? "n^0" : `n^${value.toFixed(2).replace("-", "−")}`;

const measuredText = (slope: number): string =>
  Number.isFinite(slope) ? exponentText(slope) : "diverges";

function lineRows({name, r, slope, movements}: MovementLine): Row[] {
  const shown = movements.filter(isShown);
  const measured = shown.map(({width, features}, i) => ({
    kind: "measured",
    name,
    width,
    movement: features,
    exponent: measuredText(slope),
    formula: exponentText(-r),
    label: i === shown.length - 1 ? name : ""
  }));
  const fitted = shown.filter(({width}) => width >= FITTED_FROM);
  if (fitted.length === 0) return measured;
  const middle = (values: number[]) =>
    Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  const [x0, y0] = [
    middle(fitted.map(({width}) => width)),
    middle(fitted.map(({features}) => features))
  ];
  const ends = [fitted[0].width / Math.SQRT2, fitted[fitted.length - 1].width * Math.SQRT2];
  const said = ends.map((width) => ({
    kind: "formula",
    name,
    width,
    movement: y0 * (width / x0) ** -r,
    exponent: measuredText(slope),
    formula: exponentText(-r),
    label: ""
  }));
  return [...measured, ...said];
}

function movementFinding(lines: readonly MovementLine[]): string {
  const measured = lines.map(({name, slope}) =>
    Number.isFinite(slope) ? `${exponentText(slope)} (${name})` : `by no power (${name} diverges)`
  );
  const said = lines.map(({r}) => exponentText(-r));
  return `As width n grows, features move as ${list(measured)}; the formula says ${list(said)}`;
}

const list = (texts: readonly string[]): string =>
  texts.length < 2
    ? texts.join("")
    : `${texts.slice(0, -1).join(", ")} and ${texts[texts.length - 1]}`;

const spec: TopLevelSpec = {
  description: "How far features move, by width",
  data: {name: "rows"},
  height: 300,
  padding: {left: 2, top: 2, right: 104, bottom: 2},
  encoding: {
    x: {
      field: "width",
      type: "quantitative",
      scale: {type: "log", base: 2, nice: false},
      axis: {title: "width n (log scale)", values: [16, 32, 64, 128, 256, 512, 1024], format: "d"}
    },
    y: {
      field: "movement",
      type: "quantitative",
      scale: {type: "log", nice: false, padding: 14},
      axis: {
        title: "last hidden layer: movement over size (log scale)",
        ...uprightTitle,
        values: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
        format: "~g"
      }
    },
    color: {
      field: "name",
      type: "nominal",
      sort: null,
      scale: {range: colors.map(color)},
      legend: null
    }
  },
  layer: [
    {
      transform: [{filter: "datum.kind === 'formula'"}],
      mark: {type: "line", strokeDash: [2, 4], strokeWidth: 1.5}
    },
    {
      transform: [{filter: "datum.kind === 'measured'"}],
      mark: {type: "line", strokeWidth: 2.25}
    },
    {
      transform: [{filter: "datum.kind === 'measured'"}],
      mark: {type: "point", filled: true, size: 50, opacity: 1},
      encoding: {
        tooltip: [
          {field: "name", title: "parametrisation"},
          {field: "width"},
          {field: "movement", format: ".3f"},
          {field: "exponent", title: "measured"},
          {field: "formula"}
        ]
      }
    },
    {
      transform: [{filter: "datum.label !== ''"}],
      mark: {type: "text", align: "left", dx: 12},
      encoding: {text: {field: "label"}}
    }
  ]
};

/** Movement of features over width, one line a parametrisation, beside the slopes of the formula. */
export const featureMovement: Chart<[lines: readonly MovementLine[]]> = {
  name: "feature-movement",
  caption:
    "Solid: trained networks. Dotted: the slope that the formula gives, drawn through the middle of the widths from 64 on. At width 16 all are the same network.",
  spec,
  of: (lines) => ({rows: lines.flatMap(lineRows), finding: movementFinding(lines)})
};
