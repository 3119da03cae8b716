import type {TopLevelSpec} from "vega-lite";
import type {Contribution} from "../model/sweeps/attribute.js";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {keyedLabel} from "./token-text.js";
import type {Row} from "./vega-chart.js";

/** How many bars are drawn; the table has every part. */
const bars = 14;

function labelOf({part, layer, head}: Contribution): string {
  if (part === "head") return `head ${head} of block ${layer}`;
  const name = part === "mlp" ? "MLP" : part;
  return layer === null ? name : `${name} of block ${layer}`;
}

function attributionRows(parts: readonly Contribution[]): Row[] {
  return parts
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .map((part, i) => ({rank: i + 1, label: labelOf(part), ...part}));
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;

/** The finding of an attribution: the part that adds most to the difference. */
function attributionFinding(parts: readonly Contribution[]): string {
  const total = parts.reduce((sum, {contribution}) => sum + contribution, 0);
  const most = parts.reduce((a, b) => (b.contribution > a.contribution ? b : a));
  const name = labelOf(most);
  return `${name[0].toUpperCase()}${name.slice(1)} adds most: ${signed(most.contribution)} to a logit difference of ${signed(total)}`;
}

const spec: TopLevelSpec = {
  description: "What each part adds to the logit difference",
  data: {name: "rows"},
  transform: [
    {filter: `datum.rank <= ${bars}`},
    {calculate: "datum.rank + '\\t' + datum.label", as: "key"}
  ],
  height: {step: 22},
  encoding: {
    y: {
      field: "key",
      type: "ordinal",
      sort: {field: "rank"},
      axis: {title: null, labelExpr: keyedLabel, labelColor: color("ink"), labelLimit: 200}
    },
    x: {
      field: "contribution",
      type: "quantitative",
      axis: {title: "logits", orient: "bottom"}
    },
    color: {
      condition: {test: "datum.contribution < 0", value: color("second")},
      value: color("accent")
    },
    tooltip: [
      {field: "label", title: "part"},
      {field: "contribution", title: "logits", format: ".4f"}
    ]
  },
  mark: {type: "bar", cornerRadiusEnd: 2}
};

/** Bars of what `attribute` gives, the largest first. */
export const attribution: Chart<[parts: readonly Contribution[]]> = {
  name: "attribution",
  caption: `What the ${bars} largest parts write toward the answer (blue) or the wrong one (orange); all parts, in the table, sum to the difference.`,
  spec,
  of: (parts) => ({rows: attributionRows(parts), finding: attributionFinding(parts)})
};
