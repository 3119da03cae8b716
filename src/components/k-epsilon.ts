import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {uprightTitle} from "./upright-title.js";

/** A point of a k-ε curve. */
export interface KEpsilonPoint {
  readonly method: string;
  /** Tokens of prompt, at most. */
  readonly k: number;
  readonly pairs: number;
  /** The share of pairs that is not reached, and its interval. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Curves of one model, kind of target and length of state. */
export interface KEpsilonCurves {
  readonly model: string;
  readonly kind: string;
  readonly length: string;
  readonly points: readonly KEpsilonPoint[];
}

const names: Readonly<Record<string, string>> = {
  greedy: "greedy search",
  gcg: "GCG",
  random: "random prompts"
};

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function epsilonFinding({model, kind, points}: KEpsilonCurves): string {
  const last = Math.max(...points.map(({k}) => k));
  const at = (method: string, k: number) =>
    percent(1 - (points.find((one) => one.method === method && one.k === k)?.value ?? NaN));
  return `Of ${points[0].pairs} ${kind} tokens ${model} says ${at("greedy", 0)} without a prompt; with ${last} tokens in front greedy search reaches ${at("greedy", last)}, GCG ${at("gcg", last)}, random prompts ${at("random", last)}`;
}

const spec: TopLevelSpec = {
  description: "Share of state and token pairs not reached, by tokens of prompt and method",
  data: {name: "rows"},
  height: 260,
  encoding: {
    x: {field: "k", type: "quantitative", axis: {title: "tokens of prompt, k", grid: false}},
    color: {
      field: "method",
      type: "nominal",
      scale: {
        domain: Object.values(names),
        range: [color("accent"), color("second"), color("muted")]
      },
      legend: {title: null, orient: "bottom", symbolType: "stroke"}
    }
  },
  layer: [
    {
      mark: {type: "area", opacity: 0.1},
      encoding: {
        y: {field: "low", type: "quantitative", scale: {domain: [0, 1]}, axis: {format: ".0%"}},
        y2: {field: "high"}
      }
    },
    {
      mark: {type: "line", strokeWidth: 2, point: {size: 40}},
      encoding: {
        y: {
          field: "value",
          type: "quantitative",
          axis: {title: "not reached, ε", ...uprightTitle, format: ".0%"}
        },
        tooltip: [
          {field: "method"},
          {field: "k"},
          {field: "value", title: "ε", format: ".1%"},
          {field: "low", format: ".1%"},
          {field: "high", format: ".1%"},
          {field: "pairs"}
        ]
      }
    }
  ]
};

/** How the share of tokens that no prompt reaches falls with its length, by method. */
export const kEpsilonChart: Chart<[curves: KEpsilonCurves]> = {
  name: "k-epsilon",
  caption: "Lower is more controllable. Bands: 95 % intervals (Wilson).",
  spec,
  of: (curves) => ({
    rows: curves.points.map((point) => ({...point, method: names[point.method]})),
    finding: epsilonFinding(curves)
  })
};
