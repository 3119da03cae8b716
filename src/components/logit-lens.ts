import type {TopLevelSpec} from "vega-lite";
import type {Run} from "../model/run.js";
import {color} from "./theme.js";
import {keyed, keyedLabel, percent, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Row} from "./vega-chart.js";

/** What the residual stream would predict after each layer at each position, as rows of `logitLens`. */
function logitLensRows(run: Run): Row[] {
  return run.lens.flatMap((positions, layer) =>
    positions.map((ranked, pos) => ({
      layer,
      pos,
      after: layer === 0 ? "embedding" : `block ${layer - 1}`,
      token: keyed(pos, run.tokens[pos].text),
      prediction: visible(ranked[0].text),
      probability: ranked[0].p,
      likeliest: ranked.map(({text, p}) => `${visible(text)} ${percent(p)}`).join("  ")
    }))
  );
}

/** The finding of a logit lens at one position: from which layer on the model holds its answer. */
function logitLensFinding(run: Run, pos: number): string {
  const best = run.lens.map((positions) => positions.at(pos)?.[0]);
  const answer = best.at(-1);
  if (!answer) return "Nothing is predicted here";
  const since = best.findLastIndex((token) => token?.id !== answer.id) + 1;
  const name = `“${visible(answer.text)}”`;
  if (since === 0) return `${name} is there before the first block`;
  return since === best.length - 1
    ? `${name} appears only in the last block`
    : `From block ${since - 1} on, the answer is ${name}`;
}

const spec: TopLevelSpec = {
  data: {name: "rows"},
  width: {step: 62},
  height: {step: 27},
  encoding: {
    x: {
      field: "token",
      type: "ordinal",
      sort: {field: "pos"},
      axis: {
        title: null,
        orient: "bottom",
        labelExpr: keyedLabel,
        labelAngle: 0,
        labelLimit: 62,
        labelFontSize: 11,
        labelColor: color("ink"),
        labelOverlap: false
      }
    },
    y: {
      field: "after",
      type: "ordinal",
      sort: {field: "layer", order: "descending"},
      axis: {title: null}
    },
    tooltip: [
      {field: "after", title: "after"},
      {field: "likeliest", title: "predicts"}
    ]
  },
  layer: [
    {
      mark: {
        type: "rect",
        cornerRadius: 2,
        stroke: color("faint"),
        strokeWidth: 0.5,
        width: 60,
        height: 25
      },
      encoding: {
        fillOpacity: {
          field: "probability",
          type: "quantitative",
          scale: {domain: [0, 1], range: [0.04, 1]},
          legend: null
        }
      }
    },
    {
      mark: {type: "text", fontSize: 11, limit: 62},
      encoding: {
        text: {field: "prediction"},
        color: {
          condition: {test: "datum.probability > 0.5", value: color("on-accent")},
          value: color("ink")
        }
      }
    }
  ]
};

/** A heat map of layers over positions, the likeliest next token written in each cell; the run must have a `lens`. */
export const logitLens: Chart<[run: Run, pos?: number]> = {
  name: "logit-lens",
  caption:
    "Each cell: what the model would predict if it stopped after that layer. Stronger is surer.",
  spec,
  of: (run, pos = -1) => ({
    rows: logitLensRows(run),
    finding: logitLensFinding(run, pos),
    prompt: run.prompt
  })
};
