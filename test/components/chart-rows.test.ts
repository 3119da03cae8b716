import * as vega from "vega";
import {compile, type TopLevelSpec} from "vega-lite";
import {describe, expect, it} from "vitest";
import {attentionPattern} from "../../src/components/attention-pattern.js";
import {rowsOf} from "../../src/components/chart-rows.js";
import {comparePredictions} from "../../src/components/compare-predictions.js";
import {logitLens} from "../../src/components/logit-lens.js";
import {nextTokens} from "../../src/components/next-tokens.js";
import type {Row} from "../../src/components/vega-chart.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import {Run} from "../../src/model/run.js";

/** A run over tokens that all read alike, and predict the same. */
function runOf(text: string, count = 3): Run {
  const ranked = [0.5, 0.25].map((p, id) => ({id, text, p}));
  const tokens = Array.from({length: count}, (_, id) => ({id, text}));
  const row = tokens.map(() => ranked);
  const pattern = {shape: [1, 1, count, count], data: new Float32Array(count * count).fill(0.1)};
  return new Run({
    ...{prompt: "", tokens, predictions: row, lens: [row, row], milliseconds: 1},
    activations: new Map([["blocks.0.attn.hook_pattern", pattern]])
  });
}

const shower = (spec: TopLevelSpec, width = 640, place?: () => number) => {
  const view = new vega.View(vega.parse(vegaSpec(compile, spec, width)));
  return {view, show: rowsOf(vega, view, spec, place)};
};

describe.each([
  ["next tokens", nextTokens.spec, (run: Run) => nextTokens.of(run).rows],
  ["compared predictions", comparePredictions.spec, (r: Run) => comparePredictions.of(r, r).rows],
  ["attention pattern", attentionPattern.spec, (run: Run) => attentionPattern.of(run, 0, 0).rows]
])("the chart of %s", (_, spec, rows) => {
  it.each([320, 800])(
    "gives labels the margin they need, at %i px, whatever was shown before",
    async (width) => {
      const margin = async (...texts: string[]) => {
        const {view, show} = shower(spec, width);
        for (const text of texts) await show(rows(runOf(text)));
        return view.origin()[0];
      };
      const [short, long] = [await margin("a"), await margin("altogether")];
      expect(long).toBeGreaterThan(short + 20);
      expect(await margin("a", "altogether")).toBe(long);
      expect(await margin("altogether", "a")).toBe(short);
    }
  );
});

describe("a chart of one column a token", () => {
  it("shrinks its cells a little to fit its place, and no further", async () => {
    const widths = [];
    for (const place of [1000, 700, 300]) {
      const {view, show} = shower(logitLens.spec, 640, () => place);
      await show(logitLens.of(runOf("a", 11)).rows);
      widths.push(view.signal("x_step") as number);
    }
    expect(widths).toEqual([62, 56, 62]);
  });

  const sizes = async (spec: TopLevelSpec, rows: (run: Run) => readonly Row[]) => {
    const {view, show} = shower(spec);
    const steps: number[] = [];
    for (const count of [3, 120, 3]) {
      await show(rows(runOf("a", count)));
      steps.push(view.signal("x_step") as number);
    }
    return {steps, height: view.height()};
  };
  it("has smaller cells for more tokens, and as large ones again for fewer", async () => {
    const attention = await sizes(
      attentionPattern.spec,
      (run) => attentionPattern.of(run, 0, 0).rows
    );
    expect(attention).toEqual({steps: [30, 6, 30], height: 72});
    const lens = await sizes(logitLens.spec, (run) => logitLens.of(run).rows);
    expect(lens).toEqual({steps: [62, 34, 62], height: 54});
  });
  it("tells where the chosen token is", async () => {
    const {view, show} = shower(logitLens.spec);
    const run = runOf("a", 12);
    const last = await show(logitLens.of(run).rows);
    const third = await show(logitLens.of(run, 2).rows);
    expect(last).toBe(view.origin()[0] + 11.5 * 62);
    expect(third).toBe(view.origin()[0] + 2.5 * 62);
  });
  it("writes no label into cells too small for one", async () => {
    const {view, show} = shower(attentionPattern.spec);
    await show(attentionPattern.of(runOf("word", 3), 0, 0).rows);
    expect(await view.toSVG()).toContain(">word<");
    await show(attentionPattern.of(runOf("word", 120), 0, 0).rows);
    expect(await view.toSVG()).not.toContain(">word<");
  });
});
