import type {TopLevelSpec} from "vega-lite";
import type {Run} from "../model/run.js";
import {within} from "./position.js";
import {color} from "./theme.js";
import {keyed, keyedLabel, percent, shownToken, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Row} from "./vega-chart.js";

/** The likeliest next tokens of either run, with both runs' probabilities, as rows of `comparePredictions`. */
function compareRows(plain: Run, patched: Run, pos: number, count = 8): Row[] {
  const [before, after] = [plain, patched].map((run) => ranking(run, pos));
  const p = (ranked: typeof before, id: number) => ranked.find((token) => token.id === id)?.p ?? 0;
  const union = new Map([...before, ...after].map((token) => [token.id, token]));
  return [...union.values()]
    .map(({id, text}) => ({id, text, plain: p(before, id), patched: p(after, id)}))
    .sort((a, b) => Math.max(b.plain, b.patched) - Math.max(a.plain, a.patched))
    .slice(0, count)
    .map(({id, text, ...chances}, i) => ({rank: i + 1, id, token: text, ...chances}));
}

const ranking = (run: Run, pos: number) => run.predictions[within(run.tokens.length, pos)] ?? [];

/** The finding of a comparison: what the change does to the plain run's answer. */
function compareFinding(plain: Run, patched: Run, pos: number): string {
  const [best, now] = [plain, patched].map((run) => ranking(run, pos).at(0));
  if (!best || !now) return "Nothing is predicted here";
  const same = ranking(patched, pos).find(({id}) => id === best.id)?.p ?? 0;
  const moved = `“${visible(best.text)}” goes from ${percent(best.p)} to ${percent(same)}`;
  return now.id === best.id ? moved : `${moved}, and “${visible(now.text)}” takes its place`;
}

const name = {field: "key", type: "ordinal", sort: {field: "rank"}} as const;
const share = (field: "plain" | "patched") => ({field, type: "quantitative"}) as const;

const spec: TopLevelSpec = {
  description: "Predictions with and without the change",
  data: {name: "rows"},
  transform: [
    {calculate: keyed("rank", "token"), as: "key"},
    {calculate: shownToken("token"), as: "shown"}
  ],
  height: {step: 24},
  encoding: {
    y: {
      ...name,
      axis: {title: null, labelExpr: keyedLabel, labelColor: color("ink"), labelFontSize: 13}
    },
    tooltip: [
      {field: "shown", title: "token"},
      {field: "plain", title: "plain", format: ".4f"},
      {field: "patched", title: "patched", format: ".4f"}
    ]
  },
  layer: [
    {
      mark: {type: "rule", strokeWidth: 2, opacity: 0.45},
      encoding: {
        x: {
          ...share("plain"),
          scale: {domainMin: 0},
          axis: {title: "probability", format: "%", orient: "bottom"}
        },
        x2: {field: "patched"}
      }
    },
    {
      mark: {type: "point", filled: true, size: 90, color: color("muted"), opacity: 1},
      encoding: {x: share("plain")}
    },
    {
      mark: {type: "point", filled: true, size: 90, color: color("second"), opacity: 1},
      encoding: {x: share("patched")}
    }
  ]
};

/** Plain and patched probabilities of each token, joined by a line. */
export const comparePredictions: Chart<[plain: Run, patched: Run, pos?: number]> = {
  name: "compare-predictions",
  caption: "Grey: the model as it is. Orange: with the change. A longer line is a larger effect.",
  spec,
  of: (plain, patched, pos = -1) => ({
    rows: compareRows(plain, patched, pos),
    finding: compareFinding(plain, patched, pos),
    prompt: plain.prompt
  })
};
