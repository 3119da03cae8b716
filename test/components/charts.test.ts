import {compile, type TopLevelSpec} from "vega-lite";
import {parse, View} from "vega";
import {describe, expect, it} from "vitest";
import {attentionPattern} from "../../src/components/attention-pattern.js";
import {type ClaimRow, claimsChart} from "../../src/components/claims-chart.js";
import type {Shown} from "../../src/components/chart.js";
import {comparePredictions} from "../../src/components/compare-predictions.js";
import {logitLens} from "../../src/components/logit-lens.js";
import {nextTokens} from "../../src/components/next-tokens.js";
import {residualNorms} from "../../src/components/residual-norms.js";
import {themeCss} from "../../src/components/theme.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import {Run} from "../../src/model/run.js";
import {channels, contrast, mix} from "../support/contrast.js";
import {fixtureRun} from "../tables/fixture-run.js";
import {specWarnings} from "./spec-warnings.js";

const run = fixtureRun();
const residual = new Run({
  ...run,
  activations: new Map([
    ["blocks.0.hook_resid_pre", {shape: [1, 3, 2], data: new Float32Array([3, 4, 0, 1, 1, 0])}],
    ["blocks.0.hook_resid_post", {shape: [1, 3, 2], data: new Float32Array([6, 8, 0, 1, 2, 0])}]
  ])
});
const patched = new Run({
  ...run,
  predictions: run.predictions.map((row) => row.map((token) => ({...token, p: token.p / 2})))
});

const claim: ClaimRow = {
  claim: "a claim that is long enough to be told in two lines, and a bit more",
  metric: "largest difference",
  ...{value: 0, op: "<=", threshold: 1e-3, verdict: "holds-here"},
  control: {name: "weights changed", value: 1, pass: false}
};

const charts: [string, TopLevelSpec, Shown, number][] = [
  ["next tokens", nextTokens.spec, nextTokens.of(run), 2],
  ["logit lens", logitLens.spec, logitLens.of(run), 9],
  ["attention pattern", attentionPattern.spec, attentionPattern.of(run, 1, 1), 6],
  ["residual norms", residualNorms.spec, residualNorms.of(residual, 1), 6],
  ["claims", claimsChart.spec, claimsChart.of([claim]), 2],
  ["compared predictions", comparePredictions.spec, comparePredictions.of(run, patched), 2]
];

describe.each(charts)("the chart of %s", (_, spec, {rows}, count) => {
  it("compiles without a warning", () => {
    expect(specWarnings(spec)).toEqual([]);
  });

  it("draws a mark for every row", async () => {
    expect(rows).toHaveLength(count);
    const svg = await new View(parse(vegaSpec(compile, spec, 640))).data("rows", [...rows]).toSVG();
    const marks = svg.match(/<(?:path|line) aria-label=/g) ?? [];
    expect(marks.length).toBeGreaterThanOrEqual(Math.min(count, 4));
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

describe("the findings", () => {
  it("name what is likeliest", () => {
    expect(nextTokens.of(run).finding).toBe("After “·of” the model bets 17% on “·t0”");
    expect(nextTokens.of(run, 0).finding).toBe("After “The” the model bets 50% on “·t0”");
  });
  it("say from which layer on the answer holds", () => {
    expect(logitLens.of(run).finding).toBe("“·t0” appears only in the last block");
  });
  it("say where a head looks", () => {
    expect(attentionPattern.of(run, 1, 0).finding).toMatch(
      /^From “·of”, head 0 of block 1 looks most at itself/
    );
  });
  it("say how the residual stream grows", () => {
    const {rows, finding} = residualNorms.of(residual, 1, 0);
    expect(rows.map(({norm}) => norm)).toEqual([5, 1, 1, 10, 1, 2]);
    expect(finding).toMatch(/“The” grows 2.0 times$/);
  });
  it("say how many claims hold, and how many controls fail", () => {
    const broken = {...claim, verdict: "not-here", control: {...claim.control, pass: true}};
    expect(claimsChart.of([claim, broken]).finding).toBe(
      "1 of 2 claims hold, and 1 of 2 controls fail as they must"
    );
  });
  it("say what a patch does", () => {
    expect(comparePredictions.of(run, patched).finding).toBe("“·t0” goes from 17% to 8.3%");
  });
});

describe("the rows", () => {
  it("hold tokens as they are, and positions in columns of their own", () => {
    expect(nextTokens.of(run).rows[0]).toEqual({
      ...{rank: 1, id: 20, token: " t0"},
      probability: 0.5 / 3
    });
    expect(logitLens.of(run).rows[0]).toEqual({
      ...{layer: 0, pos: 0, after: "embedding", token: "The", chosen: false},
      ...{prediction_1: " t0", probability_1: 0.5, prediction_2: " t1", probability_2: 0.25}
    });
    expect(attentionPattern.of(run, 1, 1).rows[1]).toEqual({
      ...{from_pos: 1, from: " war", to_pos: 0, to: "The"},
      ...{weight: 12, chosen: false}
    });
    expect(comparePredictions.of(run, patched).rows[0]).toEqual({
      ...{rank: 1, id: 20, token: " t0"},
      ...{plain: 0.5 / 3, patched: 0.25 / 3}
    });
    expect(residualNorms.of(residual, 1).rows[2].token).toBe(" of");
    expect(claimsChart.of([claim]).rows[0].claim).toBe(claim.claim);
  });
});

describe("a position or head beyond the run", () => {
  it.each([
    ["next tokens", (pos: number) => nextTokens.of(run, pos)],
    ["logit lens", (pos: number) => logitLens.of(run, pos)],
    ["attention pattern", (pos: number) => attentionPattern.of(run, 1, 0, pos)],
    ["residual norms", (pos: number) => residualNorms.of(residual, 1, pos)],
    ["compared predictions", (pos: number) => comparePredictions.of(run, patched, pos)]
  ])("is the last for %s", (_, of) => {
    expect(of(500)).toEqual(of(2));
    expect(of(-500)).toEqual(of(0));
    expect(of(0)).not.toEqual(of(2));
  });
  it("is the last for a head", () => {
    expect(attentionPattern.of(run, 1, 99)).toEqual(attentionPattern.of(run, 1, 1));
  });
});

describe("the residual norms", () => {
  it("are joined from layer to layer, each token's to its own", async () => {
    const view = new View(parse(vegaSpec(compile, residualNorms.spec, 640)));
    await view.data("rows", [...residualNorms.of(residual, 1).rows]).runAsync();
    const joined = view
      .data("data_0")
      .map(({pos, norm, next_layer, next_norm}) => [pos, norm, next_layer, next_norm] as number[]);
    expect(joined.sort((a, b) => a[0] - b[0] || a[2] - b[2])).toEqual([
      ...[
        [0, 5, 1, 10],
        [0, 10, 1, 10]
      ],
      ...[
        [1, 1, 1, 1],
        [1, 1, 1, 1]
      ],
      ...[
        [2, 1, 1, 2],
        [2, 2, 1, 2]
      ]
    ]);
  });
});

describe("the logit lens", () => {
  it.each([
    ["light", 0, "#ffffff"],
    ["dark", 1, "#1e1e1e"]
  ] as const)("has text that can be read on every cell, in %s", (_, theme, page) => {
    const named = (name: string) =>
      [...themeCss.matchAll(new RegExp(`--w-${name}: (#\\w+)`, "g"))][theme][1];
    const opacities = /"range":\[([\d.]+),([\d.]+)\]/.exec(JSON.stringify(logitLens.spec))!;
    for (const opacity of opacities.slice(1).map(Number)) {
      const cell = mix(named("accent"), page, opacity);
      expect(contrast(channels(named("ink")), cell)).toBeGreaterThan(4.5);
    }
  });
});
