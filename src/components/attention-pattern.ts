import type {TopLevelSpec} from "vega-lite";
import type {Run} from "../model/run.js";
import {within} from "./position.js";
import {color} from "./theme.js";
import {keyed, keyedLabel, percent, shownToken, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Cells} from "./chart-rows.js";
import type {Row} from "./vega-chart.js";

/** One head's attention as rows of `attentionPattern`; the run must have cached `attn.hook_pattern`. */
function attentionRows(run: Run, layer: number, head: number, chosen: number): Row[] {
  const {shape, data} = run.activation(`blocks.${layer}.attn.hook_pattern`);
  const [, , queries, keys] = shape;
  const {tokens} = run;
  return tokens.flatMap(({text}, query) =>
    tokens.slice(0, query + 1).map((to, key) => ({
      from_pos: query,
      from: text,
      to_pos: key,
      to: to.text,
      weight: data[(head * queries + query) * keys + key],
      chosen: query === chosen
    }))
  );
}

/** The finding of an attention pattern: where the token at `pos` looks. */
function attentionFinding(
  rows: readonly Row[],
  run: Run,
  layer: number,
  head: number,
  query: number
): string {
  const row = rows.filter((cell) => cell.chosen);
  const best = row.reduce((a, b) => (Number(b.weight) > Number(a.weight) ? b : a));
  const [from, to] = [run.tokens[query], run.tokens[best.to_pos as number]];
  const where = best.to_pos === query ? "itself" : `“${visible(to.text)}”`;
  return `From “${visible(from.text)}”, head ${head} of block ${layer} looks most at ${where} (${percent(Number(best.weight))})`;
}

const tokenAxis = {
  title: null,
  labelExpr: `x_step < 13 ? '' : ${keyedLabel}`,
  labelColor: color("ink"),
  labelLimit: 70,
  labelOverlap: false
} as const;

const spec: TopLevelSpec = {
  description: "Attention of one head, a row a token",
  data: {name: "rows"},
  transform: [
    {calculate: keyed("from_pos", "from"), as: "row"},
    {calculate: keyed("to_pos", "to"), as: "column"},
    {calculate: shownToken("from"), as: "shown_from"},
    {calculate: shownToken("to"), as: "shown_to"}
  ],
  usermeta: {
    cells: {position: "to_pos", steps: ["x_step", "y_step"], least: 6, room: 720} satisfies Cells
  },
  width: {step: 30},
  height: {step: 24},
  mark: {type: "rect", cornerRadius: 1.5, stroke: color("faint"), strokeWidth: 0.5},
  encoding: {
    x: {
      field: "column",
      type: "ordinal",
      sort: {field: "to_pos"},
      axis: {...tokenAxis, orient: "top", labelAngle: -45, labelAlign: "left"}
    },
    y: {field: "row", type: "ordinal", sort: {field: "from_pos"}, axis: tokenAxis},
    fillOpacity: {
      field: "weight",
      type: "quantitative",
      scale: {domain: [0, 1], range: [0, 1]},
      legend: null
    },
    tooltip: [
      {field: "shown_from", title: "from"},
      {field: "shown_to", title: "to"},
      {field: "weight", title: "weight", format: ".3f"}
    ]
  }
};

/** A heat map of one head’s attention; the run must have cached `attn.hook_pattern` of the layer. */
export const attentionPattern: Chart<[run: Run, layer: number, head: number, pos?: number]> = {
  name: "attention-pattern",
  caption:
    "Each row is a token looking back; the stronger a cell, the more it takes from that column.",
  spec,
  of: (run, layer, head, pos = -1) => {
    const query = within(run.tokens.length, pos);
    const heads = run.activation(`blocks.${layer}.attn.hook_pattern`).shape[1];
    const shown = within(heads, head);
    const rows = attentionRows(run, layer, shown, query);
    return {rows, finding: attentionFinding(rows, run, layer, shown, query), prompt: run.prompt};
  }
};
