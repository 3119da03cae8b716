import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import type {Row} from "./vega-chart.js";

/** What the chart needs of a claim. */
export interface ClaimRow {
  readonly claim: string;
  readonly metric: string;
  readonly value: number;
  readonly op: "<=" | ">=";
  readonly threshold: number;
  readonly control: {readonly name: string; readonly value: number; readonly pass: boolean};
  readonly verdict: string;
}

const smallest = 1e-6;
/** How much of what a claim allows is used up: at most 1 where it holds. */
const used = (value: number, {op, threshold}: ClaimRow) =>
  Math.max(smallest, op === "<=" ? value / threshold : threshold / value);

function claimRows(claims: readonly ClaimRow[]): Row[] {
  return claims.flatMap((row, number) =>
    [
      {what: "measured", value: row.value, control: false},
      {what: row.control.name, value: row.control.value, control: true}
    ].map((dot) => ({
      number,
      claim: row.claim,
      metric: row.metric,
      ...dot,
      limit: `${row.op} ${row.threshold}`,
      used: used(dot.value, row)
    }))
  );
}

function claimsFinding(claims: readonly ClaimRow[]): string {
  const holding = claims.filter(({verdict}) => verdict === "holds-here").length;
  const failing = claims.filter(({control}) => !control.pass).length;
  return `${holding} of ${claims.length} claims hold, and ${failing} of ${claims.length} controls fail as they must`;
}

const spec: TopLevelSpec = {
  description: "Claims and their controls",
  data: {name: "rows"},
  height: {step: 40},
  encoding: {
    y: {
      field: "claim",
      type: "ordinal",
      sort: {field: "number"},
      axis: {
        title: null,
        labelLimit: 0,
        // lines of at most 46 letters
        labelExpr: "split(trim(replace(datum.label, /(.{1,46})(\\s+|$)/g, '$1\\n')), '\\n')",
        labelColor: color("ink")
      }
    },
    x: {
      field: "used",
      type: "quantitative",
      scale: {type: "log"},
      axis: {title: "share of what is allowed (log scale)", format: "~g", tickCount: 6}
    }
  },
  layer: [
    {
      mark: {type: "point", filled: true, size: 80, opacity: 1},
      encoding: {
        color: {
          condition: {test: "datum.control", value: color("second")},
          value: color("accent")
        },
        tooltip: [
          {field: "metric", title: "metric"},
          {field: "what", title: "with"},
          {field: "value", title: "value"},
          {field: "limit", title: "must be"}
        ]
      }
    },
    {
      mark: {type: "rule", strokeDash: [3, 3]},
      encoding: {x: {datum: 1, type: "quantitative"}, y: {value: 0}, y2: {value: "height"}}
    }
  ]
};

/** Claims and their controls beside what each claim allows. */
export const claimsChart: Chart<[claims: readonly ClaimRow[]]> = {
  name: "claims",
  caption:
    "Blue, at or left of the line: the claim holds. Orange, right of it: the same with the part broken on purpose.",
  spec,
  of: (claims) => ({rows: claimRows(claims), finding: claimsFinding(claims)})
};
