import {parse, View} from "vega";
import {compile} from "vega-lite";
import {describe, expect, it} from "vitest";
import {attentionPlane, type Plane} from "../../src/components/attention-plane.js";
import {
  attentionMissed,
  svmCorrelation,
  type SvmHistory
} from "../../src/components/svm-correlation.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import {specWarnings} from "./spec-warnings.js";

const plane: Plane = {
  setup: {
    sequences: [
      [
        [1, 0],
        [-0.5, 0]
      ],
      [
        [0, 1],
        [0, -1]
      ]
    ]
  },
  worths: [
    [1, -0.5],
    [0, 0]
  ],
  paths: [
    {
      points: [
        [0, 0],
        [1, 1],
        [9, 3]
      ],
      ending: 0
    },
    {
      points: [
        [0, -1],
        [3, -9]
      ],
      ending: 1
    }
  ],
  endings: [
    {selected: [0, 0], svm: [0.6, 0.2]},
    {selected: [0, 1], svm: [0.2, -0.6]}
  ]
};

const history: SvmHistory = {
  moments: [
    {step: 0, frobenius: 0, nuclear: 0.1, missed: 0.7},
    {step: 10, frobenius: 0.5, nuclear: 0.4, missed: 1e-9},
    {step: 100, frobenius: 0.99, nuclear: 0.86, missed: 0}
  ],
  best: 3,
  samples: 4
};

const svgOf = async <T>(
  chart: {of: (given: T) => {rows: readonly object[]}; spec: never},
  given: T
) =>
  new View(parse(vegaSpec(compile, chart.spec, 600)))
    .data("rows", [...chart.of(given).rows])
    .toSVG();

describe("attentionPlane", () => {
  it("compiles without a warning and draws every mark", async () => {
    expect(specWarnings(attentionPlane.spec)).toEqual([]);
    const svg = await svgOf(attentionPlane as never, plane);
    expect(svg).not.toContain("NaN");
    expect(svg.match(/aria-roledescription="line mark"/g) ?? []).toHaveLength(2);
  });

  it("says in how many directions training ends, and how near the SVM's they are", () => {
    expect(attentionPlane.of(plane).finding).toBe(
      "From 2 starts training ends in one of 2 directions, each an SVM's (correlation at least 1.000)"
    );
    const bent = {...plane, paths: [{points: [[1, 1] as const], ending: 0}]};
    expect(attentionPlane.of(bent).finding).toMatch(/correlation at least 0\.894\)$/);
  });

  it("says where no SVM selects what training selects, and draws no margin", () => {
    const lost = {...plane, endings: plane.endings.map((ending) => ({...ending, svm: null}))};
    const {finding, rows} = attentionPlane.of(lost);
    expect(finding).toContain("no SVM puts the tokens first that it selects");
    expect(new Set(rows.map(({kind}) => kind))).toEqual(new Set(["path", "token"]));
  });

  it("draws margins through the selected token, and a margin away", () => {
    const margins = attentionPlane.of(plane).rows.filter(({kind}) => kind === "margin");
    expect(margins).toHaveLength(4);
    const [solid, dashed] = margins as unknown as Record<"x" | "y" | "x2" | "y2", number>[];
    for (const [x, y] of [
      [solid.x, solid.y],
      [solid.x2, solid.y2]
    ])
      expect(0.6 * x + 0.2 * y).toBeCloseTo(0.6, 9);
    expect(0.6 * dashed.x + 0.2 * dashed.y).toBeCloseTo(-0.4, 9);
  });
});

describe("the charts of one training", () => {
  it.each([svmCorrelation, attentionMissed])("compile without a warning", async (chart) => {
    expect(specWarnings(chart.spec)).toEqual([]);
    expect(await svgOf(chart as never, history)).not.toContain("NaN");
  });

  it("say which SVM is nearer", () => {
    expect(svmCorrelation.of(history).finding).toBe(
      "After 100 steps the Frobenius SVM is the nearer one, 0.990 against 0.860; the best token won in 3 of 4 samples"
    );
    const none = history.moments.map((moment) => ({...moment, frobenius: null, nuclear: null}));
    const without = svmCorrelation.of({...history, moments: none});
    expect(without.finding).toContain("there is no SVM to compare with");
    expect(without.rows).toEqual([]);
  });

  it("say from when a float32 reads attention 1", () => {
    expect(attentionMissed.of(history).finding).toBe(
      "After 100 steps less than 1e-300 of the attention is not on the selected token; from step 10 on a 32-bit float calls that 0"
    );
  });
});
