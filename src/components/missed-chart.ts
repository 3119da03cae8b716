import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {holds, type IndexedPaper} from "./indexed-papers.js";
import {
  claimsOf,
  type MadeClaim,
  missedClaims,
  missedFinding,
  narrowClaims,
  wayToThreshold
} from "./missed-claims.js";
import {color} from "./theme.js";
import type {Row} from "./vega-chart.js";

/** Beyond this, how far does not matter. */
const ENDS = [-0.25, 2] as const;
/** How many claims that hold have a lane of their own, where all hold. */
const NARROW = 6;

function missedRows(papers: readonly IndexedPaper[]): Row[] {
  const missed = missedClaims(papers);
  const own = missed.length > 0 ? missed : narrowClaims(papers, NARROW);
  const named = own.map((made) => ({lane: made.row.claim, ...dot(made), named: true}));
  const others = claimsOf(papers)
    .filter(({row}) => !own.some((made) => made.row === row))
    .map((made) => ({lane: `the others of “${made.paper.title}”`, ...dot(made), named: false}));
  return [...named, ...others].map((row, number) => ({...row, number}));
}

function dot({paper, row}: MadeClaim) {
  const way = wayToThreshold(row);
  const [low, high] = ENDS;
  return {
    paper: paper.title,
    claim: row.claim,
    value: row.value,
    limit: `${row.op} ${row.threshold}`,
    control: row.control.value,
    held: holds(row),
    way: Math.min(high, Math.max(low, way)),
    from: 0
  };
}

const spec: TopLevelSpec = {
  description: "How near each claim came to its threshold",
  data: {name: "rows"},
  height: {step: 62},
  encoding: {
    y: {
      field: "lane",
      type: "ordinal",
      sort: {field: "number", op: "min"},
      axis: {
        title: null,
        labelLimit: 0,
        labelPadding: 14,
        labelExpr: "split(trim(replace(datum.label, /(.{1,38})(\\s+|$)/g, '$1\\n')), '\\n')",
        labelColor: color("ink")
      }
    },
    x: {
      field: "way",
      type: "quantitative",
      scale: {domain: [...ENDS], nice: false},
      axis: {
        title: null,
        values: [0, 1],
        labelExpr: "datum.value === 0 ? 'control' : 'asked'",
        labelAlign: {condition: {test: "datum.value === 0", value: "right"}, value: "left"}
      }
    }
  },
  layer: [
    {
      mark: {type: "rule", strokeDash: [3, 3]},
      encoding: {x: {datum: 1, type: "quantitative"}, y: {value: 0}, y2: {value: "height"}}
    },
    {
      transform: [{filter: "datum.named"}],
      mark: {type: "rule", strokeWidth: 2, opacity: 0.5},
      encoding: {
        x2: {field: "from"},
        color: {condition: {test: "datum.held", value: color("accent")}, value: color("second")}
      }
    },
    {
      mark: {type: "point", filled: true, size: 80},
      encoding: {
        opacity: {condition: {test: "datum.named", value: 1}, value: 0.35},
        color: {condition: {test: "datum.held", value: color("accent")}, value: color("second")},
        tooltip: [
          {field: "paper"},
          {field: "claim"},
          {field: "value"},
          {field: "limit", title: "must be"},
          {field: "control"}
        ]
      }
    }
  ]
};

/** How near each claim came to its threshold, those that did not hold by name. */
export const missedChart: Chart<[papers: readonly IndexedPaper[]]> = {
  name: "missed-claims",
  caption:
    "How far each claim came on the way from its control to what is asked of it; in logarithms where these are more than tenfold apart.",
  spec,
  of: (papers) => ({rows: missedRows(papers), finding: missedFinding(papers)})
};
