import {compile, type TopLevelSpec} from "vega-lite";
import {parse, View} from "vega";
import {describe, expect, it} from "vitest";
import {
  attentionFinding,
  attentionPattern,
  attentionRows
} from "../../src/components/attention-pattern.js";
import {
  compareFinding,
  comparePredictions,
  compareRows
} from "../../src/components/compare-predictions.js";
import {logitLens, logitLensFinding, logitLensRows} from "../../src/components/logit-lens.js";
import {nextTokenFinding, nextTokenRows, nextTokens} from "../../src/components/next-tokens.js";
import {
  residualNormFinding,
  residualNormRows,
  residualNorms
} from "../../src/components/residual-norms.js";
import {chartConfig} from "../../src/components/theme.js";
import type {Row} from "../../src/components/vega-chart.js";
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

const charts: [string, TopLevelSpec, Row[], number][] = [
  ["next tokens", nextTokens, nextTokenRows(run), 2],
  ["logit lens", logitLens, logitLensRows(run), 9],
  ["attention pattern", attentionPattern, attentionRows(run, 1, 1), 6],
  ["residual norms", residualNorms, residualNormRows(residual, 1), 6],
  ["compared predictions", comparePredictions, compareRows(run, patched), 2]
];

describe.each(charts)("the chart of %s", (_, spec, rows, count) => {
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
    compile(spec, {logger: logger as never, config: chartConfig});
    expect(warnings).toEqual([]);
  });

  it("draws a mark for every row", async () => {
    expect(rows).toHaveLength(count);
    const {spec: vega} = compile(spec, {config: chartConfig});
    const svg = await new View(parse(vega)).data("rows", [...rows]).toSVG();
    const marks = svg.match(/<path aria-label=|<path [^>]*aria-roledescription=/g) ?? [];
    expect(marks.length).toBeGreaterThanOrEqual(Math.min(count, 4));
    expect(svg).not.toMatch(/NaN|undefined/);
  });
});

describe("the findings", () => {
  it("name what is likeliest", () => {
    expect(nextTokenFinding(run)).toBe("After “·of” the model bets 17% on “·t0”");
    expect(nextTokenFinding(run, 0)).toBe("After “The” the model bets 50% on “·t0”");
  });
  it("say from which layer on the answer holds", () => {
    expect(logitLensFinding(run)).toBe("“·t0” appears only in the last of 2 blocks");
  });
  it("say where a head looks", () => {
    expect(attentionFinding(run, 1, 0)).toMatch(
      /^From “·of”, head 0 of block 2 looks most at itself/
    );
  });
  it("say how the residual stream grows", () => {
    expect(residualNormRows(residual, 1, 0).map(({norm}) => norm)).toEqual([5, 1, 1, 10, 1, 2]);
    expect(residualNormFinding(residualNormRows(residual, 1, 0))).toMatch(/“The” grows 2.0 times$/);
  });
  it("say what a patch does", () => {
    expect(compareFinding(run, patched)).toBe("“·t0” goes from 17% to 8.3%");
  });
});
