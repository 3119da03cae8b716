import type {TopLevelSpec} from "vega-lite";
import type {Run} from "../model/run.js";
import {within} from "./position.js";
import {color} from "./theme.js";
import {keyed, keyedLabel, percent, shownPercent, shownToken, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Row} from "./vega-chart.js";

/** The likeliest next tokens after position `pos` (negative from the end), as rows of `nextTokens`. */
function nextTokenRows(run: Run, pos: number, count = 8): Row[] {
  const ranked = run.predictions[within(run.tokens.length, pos)] ?? [];
  return ranked.slice(0, count).map(({id, text, p}, i) => ({
    rank: i + 1,
    id,
    token: text,
    probability: p
  }));
}

/** The finding of a next-token chart, in words. */
function nextTokenFinding(run: Run, pos: number): string {
  const at = within(run.tokens.length, pos);
  const best = run.predictions[at]?.[0];
  const after = run.tokens[at];
  if (!best) return "Nothing is predicted here";
  return `After “${visible(after.text)}” the model bets ${percent(best.p)} on “${visible(best.text)}”`;
}

const probability = {field: "probability", type: "quantitative", axis: null} as const;

const spec: TopLevelSpec = {
  description: "The likeliest next tokens",
  data: {name: "rows"},
  transform: [
    {calculate: keyed("rank", "token"), as: "key"},
    {calculate: shownToken("token"), as: "shown"},
    {calculate: shownPercent("probability"), as: "share"}
  ],
  height: {step: 24},
  padding: {left: 2, top: 2, right: 44, bottom: 2},
  encoding: {
    y: {
      field: "key",
      type: "ordinal",
      sort: {field: "rank"},
      axis: {title: null, labelExpr: keyedLabel, labelColor: color("ink"), labelFontSize: 13}
    },
    tooltip: [
      {field: "shown", title: "token"},
      {field: "id", title: "id"},
      {field: "probability", title: "probability", format: ".4f"}
    ]
  },
  layer: [
    {
      mark: {type: "bar", height: 14, cornerRadiusEnd: 2},
      encoding: {
        x: {...probability, stack: null, scale: {domain: {unionWith: [0, 0.3]}, nice: false}}
      }
    },
    {
      mark: {type: "text", align: "left", dx: 5, color: color("muted")},
      encoding: {x: probability, text: {field: "share"}}
    }
  ]
};

/** Bars of the likeliest next tokens after position `pos` (negative from the end). */
export const nextTokens: Chart<[run: Run, pos?: number]> = {
  name: "next-tokens",
  caption: "The likeliest next tokens after the chosen one, with their probabilities.",
  spec,
  of: (run, pos = -1) => ({
    rows: nextTokenRows(run, pos),
    finding: nextTokenFinding(run, pos),
    prompt: run.prompt
  })
};
