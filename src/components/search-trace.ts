import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import type {OwnSearch} from "./search-job.js";
import {color} from "./theme.js";
import {percent} from "./token-text.js";
import {uprightTitle} from "./upright-title.js";

function traceFinding({request, sights}: OwnSearch): string {
  const last = sights.at(-1);
  if (!last) return "";
  const {state, target} = request;
  const said = `“${target}” behind “${state}” has ${percent(last.probability)}`;
  if (last.prompt.length === 0)
    return last.reached
      ? `“${target}” needs no prompt: it is what the model says behind “${state}”`
      : `Alone, ${said}`;
  const shown = `After ${last.evals} prompts, with “${last.prompt.join("")}” in front, ${said}`;
  return last.reached ? `${shown} and is the likeliest` : `${shown}, not yet the most`;
}

const spec: TopLevelSpec = {
  description: "Probability of the wanted token over the prompts tried",
  data: {name: "rows"},
  height: 180,
  encoding: {
    x: {field: "evals", type: "quantitative", axis: {title: "prompts tried", tickCount: 5}},
    y: {
      field: "probability",
      type: "quantitative",
      axis: {title: "probability of the token", ...uprightTitle, format: ".0%"}
    },
    tooltip: [
      {field: "prompt"},
      {field: "evals", title: "prompts tried"},
      {field: "probability", format: ".2%"}
    ]
  },
  layer: [
    {mark: {type: "line", strokeWidth: 2, color: color("accent"), interpolate: "step-after"}},
    {
      mark: {type: "point", filled: true, size: 40, opacity: 1},
      encoding: {
        color: {
          condition: {test: "datum.reached", value: color("second")},
          value: color("accent")
        }
      }
    }
  ]
};

/** How the wanted token becomes likelier while a prompt forms. */
export const searchTrace: Chart<[search: OwnSearch]> = {
  name: "search-trace",
  caption: "Each point is the prompt that the search stood at. Orange: the token is the likeliest.",
  spec,
  of: (search) => ({
    rows: search.sights.map(({prompt, ...sight}) => ({...sight, prompt: prompt.join("·")})),
    finding: traceFinding(search)
  })
};
