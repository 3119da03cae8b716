import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {percent} from "./token-text.js";
import {uprightTitle} from "./upright-title.js";

/** Numbers told that they end in other digits. */
export interface SteeredDigits {
  /** In words, such as `head 3` or `the heads together`. */
  readonly heads: string;
  readonly scale: number;
  readonly cases: readonly {
    readonly source: number;
    readonly digit: number;
    readonly out: string;
    readonly ok: boolean;
  }[];
}

const spec: TopLevelSpec = {
  description: "Numbers over the digits they are told to end in, marked where the heads follow",
  data: {name: "rows"},
  height: 260,
  mark: {type: "rect", stroke: color("faint"), strokeWidth: 0.5},
  encoding: {
    x: {
      field: "source",
      type: "ordinal",
      axis: {title: "number", labelOverlap: true, labelAngle: 0}
    },
    y: {
      field: "digit",
      type: "ordinal",
      axis: {title: "told that it ends in", ...uprightTitle}
    },
    fill: {value: color("accent")},
    fillOpacity: {condition: {test: "datum.ok", value: 1}, value: 0.06},
    tooltip: [
      {field: "source", title: "number"},
      {field: "digit", title: "told that it ends in"},
      {field: "meant"},
      {field: "out", title: "called for"}
    ]
  }
};

/** What becomes of numbers whose last digit is changed in their representation. */
export const steeredDigits: Chart<[steered: SteeredDigits]> = {
  name: "steered-digits",
  caption:
    "Each cell: the difference of two digits added to one number. Blue where the heads then call for the successor of the number that is meant.",
  spec,
  of: ({heads, scale, cases}) => ({
    rows: cases.map(({source, digit, out, ok}) => ({
      source,
      digit,
      meant: String(source - (source % 10) + digit + 1),
      out,
      ok
    })),
    finding: `At scale ${scale}, ${heads} follow the new digit in ${percent(cases.filter(({ok}) => ok).length / cases.length)} of cases`
  })
};
