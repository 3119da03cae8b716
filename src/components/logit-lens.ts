import type {TopLevelSpec} from "vega-lite";
import type {Prediction, Run} from "../model/run.js";
import {within} from "./position.js";
import {cellBox, cellText, columns, layerCells, layers} from "./layer-cells.js";
import {keyed, shownPercent, shownToken, visible} from "./token-text.js";
import type {Chart} from "./chart.js";
import type {Row} from "./vega-chart.js";

/** What the residual stream would predict after each layer at each position, as rows of `logitLens`. */
function logitLensRows(run: Run, chosen: number): Row[] {
  return run.lens.flatMap((positions, layer) =>
    positions.map((ranked, pos) => ({
      layer,
      pos,
      after: layer === 0 ? "embedding" : `block ${layer - 1}`,
      token: run.tokens[pos].text,
      chosen: pos === chosen,
      ...rankedColumns(ranked)
    }))
  );
}

function rankedColumns(ranked: readonly Prediction[]): Row {
  const columns: Record<string, unknown> = {};
  for (const [i, {text, p}] of ranked.entries()) {
    columns[`prediction_${i + 1}`] = text;
    columns[`probability_${i + 1}`] = p;
  }
  return columns;
}

/** The finding of a logit lens at one position: from which layer on the model holds its answer. */
function logitLensFinding(run: Run, pos: number): string {
  const best = run.lens.map((positions) => positions[pos]?.[0]);
  const answer = best.at(-1);
  if (!answer) return "Nothing is predicted here";
  const since = best.findLastIndex((token) => token?.id !== answer.id) + 1;
  const name = `“${visible(answer.text)}”`;
  if (since === 0) return `${name} is there before the first block`;
  return since === best.length - 1
    ? `${name} appears only in the last block`
    : `From block ${since - 1} on, the answer is ${name}`;
}

const listed = [1, 2, 3, 4, 5]
  .map((rank) => {
    const shown = `${shownToken(`prediction_${rank}`)} + ' ' + ${shownPercent(`probability_${rank}`)}`;
    return `(isValid(datum.prediction_${rank}) ? ${shown} + '  ' : '')`;
  })
  .join(" + ");

const spec: TopLevelSpec = {
  description: "Logit lens: layers over tokens",
  data: {name: "rows"},
  transform: [
    {calculate: keyed("pos", "token"), as: "column"},
    {calculate: shownToken("prediction_1"), as: "shown"},
    {calculate: listed, as: "likeliest"}
  ],
  ...layerCells("pos", 62),
  encoding: {
    x: columns("pos"),
    y: layers("after", "layer"),
    tooltip: [
      {field: "after", title: "after"},
      {field: "likeliest", title: "predicts"}
    ]
  },
  layer: [
    {
      mark: cellBox,
      encoding: {
        fillOpacity: {
          field: "probability_1",
          type: "quantitative",
          scale: {domain: [0, 1], range: [0.04, 0.5]},
          legend: null
        }
      }
    },
    cellText
  ]
};

/** A heat map of layers over positions, the likeliest next token written in each cell; the run must have a `lens`. */
export const logitLens: Chart<[run: Run, pos?: number]> = {
  name: "logit-lens",
  caption:
    "Each cell: what the model would predict if it stopped after that layer. Stronger is surer.",
  spec,
  of: (run, pos = -1) => {
    const at = within(run.tokens.length, pos);
    return {
      rows: logitLensRows(run, at),
      finding: logitLensFinding(run, at),
      prompt: run.prompt
    };
  }
};
