import type {TopLevelSpec} from "vega-lite";
import type {Run} from "../model/run.js";
import {color} from "./theme.js";
import {keyed, keyedLabel, percent, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Row} from "./vega-chart.js";

/** One head's attention as rows of `attentionPattern`; the run must have cached `attn.hook_pattern`. */
function attentionRows(run: Run, layer: number, head: number): Row[] {
  const {shape, data} = run.activation(`blocks.${layer}.attn.hook_pattern`);
  const [, , queries, keys] = shape;
  const {tokens} = run;
  return tokens.flatMap(({text}, query) =>
    tokens.slice(0, query + 1).map((to, key) => ({
      query,
      key,
      from: keyed(query, text),
      to: keyed(key, to.text),
      weight: data[(head * queries + query) * keys + key]
    }))
  );
}

/** The finding of an attention pattern: where the token at `pos` looks. */
function attentionFinding(
  rows: readonly Row[],
  run: Run,
  layer: number,
  head: number,
  pos: number
): string {
  const query = pos < 0 ? run.tokens.length + pos : pos;
  const row = rows.filter((cell) => cell.query === query);
  const best = row.reduce((a, b) => (Number(b.weight) > Number(a.weight) ? b : a));
  const [from, to] = [run.tokens[query], run.tokens[best.key as number]];
  const where = best.key === query ? "itself" : `“${visible(to.text)}”`;
  return `From “${visible(from.text)}”, head ${head} of block ${layer} looks most at ${where} (${percent(Number(best.weight))})`;
}

const tokenAxis = {
  title: null,
  labelExpr: keyedLabel,
  labelColor: color("ink"),
  labelLimit: 70,
  labelOverlap: false
} as const;

const spec: TopLevelSpec = {
  data: {name: "rows"},
  width: {step: 30},
  height: {step: 24},
  mark: {type: "rect", cornerRadius: 1.5, stroke: color("faint"), strokeWidth: 0.5},
  encoding: {
    x: {
      field: "to",
      type: "ordinal",
      sort: {field: "key"},
      axis: {...tokenAxis, orient: "top", labelAngle: -45, labelAlign: "left"}
    },
    y: {field: "from", type: "ordinal", sort: {field: "query"}, axis: tokenAxis},
    fillOpacity: {
      field: "weight",
      type: "quantitative",
      scale: {domain: [0, 1], range: [0, 1]},
      legend: null
    },
    tooltip: [
      {field: "from", title: "from"},
      {field: "to", title: "to"},
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
    const rows = attentionRows(run, layer, head);
    return {rows, finding: attentionFinding(rows, run, layer, head, pos), prompt: run.prompt};
  }
};
