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
import {chartConfig} from "../../src/components/theme.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import {Run} from "../../src/model/run.js";
import {fixtureRun} from "../tables/fixture-run.js";

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
    const warnings: unknown[] = [];
    const note = (...message: unknown[]) => (warnings.push(message), logger);
    const logger = {
      level: () => logger,
      error: note,
      warn: note,
      info: () => logger,
      debug: () => logger
    };
    compile(spec, {logger: logger, config: chartConfig});
    expect(warnings).toEqual([]);
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
