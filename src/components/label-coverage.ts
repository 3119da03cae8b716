import type {LabelCoverage} from "../recording/label-coverage.js";
import type {Chart} from "./chart.js";

/** Of each kind of label, the share that some feature tells. */
export const labelCoverageChart: Chart<[coverage: readonly LabelCoverage[]]> = {
  name: "label-coverage",
  caption:
    "Each bar: the share of the generator’s labels of one kind that some feature tells with F1 ≥ 0.8, chosen on half of the templates and scored on the other half.",
  spec: {
    description: "Shares of labels that some feature tells, by kind",
    data: {name: "rows"},
    height: {step: 26},
    encoding: {
      y: {field: "kind", type: "nominal", sort: null, title: null},
      x: {
        field: "share",
        type: "quantitative",
        scale: {domain: [0, 1]},
        axis: {format: "%", title: "labels told"}
      },
      tooltip: [
        {field: "kind", title: "kind"},
        {field: "told", title: "told"},
        {field: "labels", title: "labels"}
      ]
    },
    mark: {type: "bar", height: 14}
  },
  of: (coverage) => {
    const sum = (of: (one: LabelCoverage) => number) => coverage.reduce((n, one) => n + of(one), 0);
    return {
      rows: coverage.map((one) => ({...one, share: one.told / Math.max(1, one.labels)})),
      finding: `Some feature tells ${sum(({told}) => told)} of ${sum(({labels}) => labels)} labels with F1 of at least 0.8`
    };
  }
};
