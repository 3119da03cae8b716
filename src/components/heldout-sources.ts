import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import type {HouseModel} from "./house-model.js";
import {color} from "./theme.js";
import type {Row} from "./vega-chart.js";

const generatedPrefix = "generated/";
const isGenerated = (source: string) => source.startsWith(generatedPrefix);

function sourceRows(models: readonly HouseModel[]): Row[] {
  const largest = models.at(-1)!.sources;
  const order = Object.keys(largest).sort(
    (a, b) => Number(isGenerated(a)) - Number(isGenerated(b)) || largest[a] - largest[b]
  );
  return models.flatMap(({name, sources}, rank) =>
    order
      .filter((source) => source in sources)
      .map((source) => ({
        model: name,
        rank,
        source: source.replace(generatedPrefix, ""),
        generated: isGenerated(source),
        number: order.indexOf(source),
        bits_per_character: sources[source]
      }))
  );
}

function sourceFinding(models: readonly HouseModel[]): string {
  const {name, sources} = models.at(-1)!;
  const natural = Object.keys(sources).filter((source) => !isGenerated(source));
  const by = natural.sort((a, b) => sources[a] - sources[b]);
  const [easiest, hardest] = [by[0], by[by.length - 1]];
  const bits = (source: string) => sources[source].toFixed(2);
  return `Of texts by people, ${name} reads “${easiest}” best (${bits(easiest)} bits per character) and “${hardest}” worst (${bits(hardest)})`;
}

const spec: TopLevelSpec = {
  description: "Held-out loss by source",
  data: {name: "rows"},
  height: {step: 20},
  encoding: {
    y: {
      field: "source",
      type: "ordinal",
      sort: {field: "number"},
      axis: {title: null, labelColor: color("ink"), grid: true}
    },
    x: {
      field: "bits_per_character",
      type: "quantitative",
      scale: {zero: true},
      axis: {title: "bits per character of held-out text"}
    },
    color: {
      condition: {test: "datum.generated", value: color("second")},
      value: color("accent")
    },
    opacity: {field: "rank", type: "quantitative", legend: null, scale: {range: [0.3, 1]}},
    tooltip: [
      {field: "model"},
      {field: "source"},
      {field: "bits_per_character", title: "bits per character", format: ".3f"}
    ]
  },
  mark: {type: "circle", size: 60}
};

/** How well models read the held-out texts of each source, smallest model first. */
export const heldoutSources: Chart<[models: readonly HouseModel[]]> = {
  name: "heldout-sources",
  caption:
    "Bits per character of texts that were held out, by source; less is better. One dot a model; the stronger its colour, the larger the model. Blue: written by people. Orange: generated.",
  spec,
  of: (models) => ({rows: sourceRows(models), finding: sourceFinding(models)})
};
