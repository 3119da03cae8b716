import {parse, View} from "vega";
import {compile, type TopLevelSpec} from "vega-lite";
import {describe, expect, it} from "vitest";
import type {Shown} from "../../src/components/chart.js";
import {heldoutSources} from "../../src/components/heldout-sources.js";
import {type HouseModel, openables, short} from "../../src/components/house-model.js";
import {learningTable} from "../../src/components/learning-table.js";
import {lossCurves} from "../../src/components/loss-curves.js";
import {type LadderRow, scalingLaw, withoutLargest} from "../../src/components/scaling-law.js";
import {agreementFinding, taskTable} from "../../src/components/task-table.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import {specWarnings} from "./spec-warnings.js";

function model(name: string, nonEmbedding: number, end: number, right: number): HouseModel {
  const checkpoint = (step: number, story: number, sum: number) => ({
    name: `${name}@step-${step}`,
    tokens: 1000 * step,
    bytes: 10,
    natural: 3,
    tasks: {story, sum}
  });
  return {
    name,
    family: name.startsWith("ladder") ? "ladder" : "house",
    shape: {width: 8, depth: 1, heads: 1, vocab: 16, context: 8},
    parameters: nonEmbedding + 100,
    nonEmbedding,
    tokens: 3e6,
    seconds: 60,
    hardware: "a machine",
    licence: "MIT",
    sha256: "ab",
    files: [{name: "model.safetensors", url: "data/x", bytes: 20}],
    natural: 2,
    generated: 1,
    loss: [
      [1000, 6],
      [1001, 5.9],
      [1e5, 4],
      [3e6, end]
    ],
    sources: {sotu: end / 2, devil: end / 1.5, "generated/story": 1},
    tasks: {story: right, sum: 0.1, "story/kind": 1},
    samples: [],
    checkpoints: name === "big" ? [checkpoint(16, 0.1, 0), checkpoint(90, 0.5, 0.1)] : []
  };
}

const small = model("small", 1000, 3.5, 0.4);
const big = model("big", 9000, 3, 0.95);
const law = (n: number, d: number) => 1 + 20 / n ** 0.3 + 30 / d ** 0.3;
const rows: LadderRow[] = [1000, 4000, 9000].flatMap((parameters) =>
  [1e6, 1e7].map((tokens) => ({
    model: `ladder-${parameters}`,
    parameters,
    tokens,
    loss: law(parameters, tokens) * (parameters === 9000 && tokens === 1e6 ? 1.03 : 1)
  }))
);
const counts = {name: "5-gram", tasks: {story: 0.1, sum: 0.92}};

const charts: [string, TopLevelSpec, Shown, number][] = [
  ["loss curves", lossCurves.spec, lossCurves.of([small, big]), 6],
  ["sources", heldoutSources.spec, heldoutSources.of([small, big]), 6],
  ["tasks", taskTable.spec, taskTable.of([counts, small, big], big), 6],
  ["learning", learningTable.spec, learningTable.of(big), 6],
  ["the scaling law", scalingLaw.spec, scalingLaw.of(rows, law), 6 + 2 * 48],
  ["a ladder without a law", scalingLaw.spec, scalingLaw.of(rows), 6]
];

describe.each(charts)("the chart of %s", (_, spec, {rows, finding}, count) => {
  it("compiles without a warning", () => {
    expect(specWarnings(spec)).toEqual([]);
  });

  it("draws its rows and says what they show", async () => {
    expect(rows).toHaveLength(count);
    expect(finding).not.toMatch(/NaN|undefined|Infinity/);
    const svg = await new View(parse(vegaSpec(compile, spec, 640))).data("rows", [...rows]).toSVG();
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg.match(/<path aria-label=/g)?.length).toBeGreaterThanOrEqual(2);
  });
});

describe("the findings", () => {
  it("say whether loss falls with size", () => {
    expect(lossCurves.of([small, big]).finding).toBe(
      "The larger the model, the lower its loss: big ends at 3.00 nats per token"
    );
    expect(lossCurves.of([big, small]).finding).toBe(
      "Lowest at the end is big, at 3.00 nats per token; size alone does not order the models"
    );
    expect(lossCurves.of([big]).finding).toBe("big ends at 3.00 nats per token after 3.0 M tokens");
  });
  it("name the easiest and the hardest source that people wrote", () => {
    expect(heldoutSources.of([small, big]).finding).toBe(
      "Of texts by people, big reads “sotu” best (1.50 bits per character) and “devil” worst (2.00)"
    );
  });
  it("count the families that a model and the n-grams master, finer kinds left out", () => {
    expect(taskTable.of([counts, small, big], big).finding).toBe(
      "big is right at least 90 % of the time in 1 of 2 families; the 5-gram, 1"
    );
  });
  it("say what is learnt first and last, of what is learnt at all", () => {
    expect(learningTable.of(big).finding).toBe(
      "First big learns “story” by 90 k tokens, last “story” by 90 k tokens"
    );
    expect(learningTable.of({...big, tasks: {...big.tasks, sum: 0.9}}).finding).toBe(
      "First big learns “story” by 90 k tokens, last “sum” after the last checkpoint"
    );
  });
  it("hold the law's prediction against the largest model", () => {
    expect(scalingLaw.of(rows).finding).toBe("No law is fitted yet");
    expect(withoutLargest(rows).map(({parameters}) => parameters)).toEqual([
      1000, 1000, 4000, 4000
    ]);
    const value = law(9000, 1e7).toFixed(3);
    expect(scalingLaw.of(rows, law).finding).toBe(
      `The law says ${value} nats per token for ladder-9000 at 10 M tokens; it has ${value} (at worst 2.9 % off)`
    );
  });
  it("compare what was asked here with the card, over the same tasks", () => {
    expect(agreementFinding("big", {story: 0.5, sum: 1}, {story: 0.75, copy: 0})).toBe(
      "Here big gives the right answer 75 % of the time; its card says 50 %"
    );
  });
});

it("openables gives the largest house model first, and checkpoints behind their model", () => {
  const ladder = model("ladder-25k", 5000, 3, 0.5);
  expect(openables([small, big, ladder]).map(({name, bytes}) => [name, bytes])).toEqual([
    ["big", 20],
    ["big@step-16", 10],
    ["big@step-90", 10],
    ["small", 20],
    ["ladder-25k", 20]
  ]);
});

it.each([
  [0, "0"],
  [999, "999"],
  [1000, "1.0 k"],
  [25_432, "25 k"],
  [999_499, "999 k"],
  [999_500, "1.0 M"],
  [9_960_000, "10 M"]
])("short(%d) is %s", (count, text) => expect(short(count)).toBe(text));
