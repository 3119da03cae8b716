import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import type {Row} from "./vega-chart.js";

type Point = readonly [x: number, y: number];

/** Two sequences of tokens, the paths of attention's vector from several starts, and where they end. */
export interface Plane {
  readonly setup: {readonly sequences: readonly (readonly Point[])[]};
  /** What each token is worth, `[sequences][tokens]`. */
  readonly worths: readonly (readonly number[])[];
  readonly paths: readonly {readonly points: readonly Point[]; readonly ending: number}[];
  /** The tokens that are selected, and the SVM that selects them; null where none does. */
  readonly endings: readonly {readonly selected: readonly number[]; readonly svm: Point | null}[];
}

/** The width and height of the picture, in pixels, and how far it reaches each way. */
export const planeSize = 340;
export const planeReach = 1.5;
export const sequenceNames = ["blue", "orange"];

const TIP = 0.9 * planeReach;
const KEPT = 60;

const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1];
const along = ([x, y]: Point, length: number): Point => {
  const scale = length / Math.hypot(x, y);
  return [x * scale, y * scale];
};

/** Points of a path, their distances from the middle on a log scale that ends at the tip. */
function pathRows({points}: Plane["paths"][number], path: number, farthest: number): Row[] {
  const every = Math.ceil(points.length / KEPT);
  const kept = points.filter((_, i) => i % every === 0 || i === points.length - 1 || i < 10);
  return kept.map((point, order) => {
    const far = Math.hypot(...point);
    const [x, y] = far === 0 ? point : along(point, (TIP * Math.log1p(far)) / Math.log1p(farthest));
    return {kind: "path", path, main: path === 0, order, x, y};
  });
}

/** The line of all points where `p·x` is `level`, across the picture; none where it misses it. */
function lineRow(p: Point, level: number): {x: number; y: number; x2: number; y2: number} | null {
  const size = dot(p, p);
  const foot: Point = [(p[0] * level) / size, (p[1] * level) / size];
  const [dx, dy] = along([-p[1], p[0]], 1);
  const ends = [-planeReach, planeReach].flatMap((edge) => [
    ...(dx === 0 ? [] : [(edge - foot[0]) / dx]),
    ...(dy === 0 ? [] : [(edge - foot[1]) / dy])
  ]);
  const inside = ends.filter((t) =>
    [foot[0] + t * dx, foot[1] + t * dy].every((v) => Math.abs(v) <= planeReach + 1e-9)
  );
  if (inside.length < 2) return null;
  const [from, to] = [Math.min(...inside), Math.max(...inside)];
  return {
    x: foot[0] + from * dx,
    y: foot[1] + from * dy,
    x2: foot[0] + to * dx,
    y2: foot[1] + to * dy
  };
}

function planeRows({setup, worths, paths, endings}: Plane): Row[] {
  const farthest = Math.max(...paths.flatMap(({points}) => points.map((p) => Math.hypot(...p))));
  const main = endings[paths[0].ending];
  const rays = endings.flatMap(({svm}, ending) => {
    if (!svm) return [];
    const [x2, y2] = along(svm, TIP);
    return [{kind: "ray", main: endings[ending] === main, x: 0, y: 0, x2, y2}];
  });
  const lines = setup.sequences.flatMap((tokens, sequence) => {
    if (!main.svm) return [];
    const level = dot(main.svm, tokens[main.selected[sequence]]);
    return [level, level - 1].flatMap((at, i) => {
      const line = lineRow(main.svm!, at);
      return line
        ? [{kind: "margin", main: i === 0, sequence: sequenceNames[sequence], ...line}]
        : [];
    });
  });
  const tokens = setup.sequences.flatMap((points, sequence) =>
    points.map(([x, y], token) => ({
      kind: "token",
      sequence: sequenceNames[sequence],
      token: token + 1,
      x,
      y,
      worth: worths[sequence][token],
      main: main.selected[sequence] === token
    }))
  );
  return [...lines, ...rays, ...paths.flatMap((path, i) => pathRows(path, i, farthest)), ...tokens];
}

/** The least correlation of a path's end with the SVM of the tokens it selects; null where one has none. */
function leastAgreement({paths, endings}: Plane): number | null {
  const each = paths.map(({points, ending}) => {
    const [end, svm] = [points[points.length - 1], endings[ending].svm];
    return svm && dot(end, svm) / (Math.hypot(...end) * Math.hypot(...svm));
  });
  return each.every((value) => value !== null) ? Math.min(...each) : null;
}

function planeFinding(plane: Plane): string {
  const {paths, endings} = plane;
  const ways = endings.length === 1 ? "one direction" : `one of ${endings.length} directions`;
  const least = leastAgreement(plane);
  return least === null
    ? `From ${paths.length} starts training ends in ${ways}, and for some no SVM puts the tokens first that it selects`
    : `From ${paths.length} starts training ends in ${ways}, each an SVM's (correlation at least ${(Math.floor(1000 * least) / 1000).toFixed(3)})`;
}

const reach = {scale: {domain: [-planeReach, planeReach], nice: false}, axis: null};
const of = (kind: string) => [{filter: `datum.kind === '${kind}'`}];
const bySequence = {
  field: "sequence",
  scale: {domain: sequenceNames, range: [color("accent"), color("second")]},
  legend: null
};
const mainOr = (yes: number, no: number) => ({
  condition: {test: "datum.main", value: yes},
  value: no
});

const spec: TopLevelSpec = {
  description: "Tokens of two sequences, paths of training, and SVM directions",
  data: {name: "rows"},
  width: planeSize,
  height: planeSize,
  autosize: {type: "none"},
  padding: 0,
  encoding: {
    x: {field: "x", type: "quantitative", ...reach},
    y: {field: "y", type: "quantitative", ...reach}
  },
  layer: [
    {
      transform: of("margin"),
      mark: {type: "rule", clip: true},
      encoding: {
        x2: {field: "x2"},
        y2: {field: "y2"},
        color: bySequence,
        strokeDash: {condition: {test: "datum.main", value: [1, 0]}, value: [3, 4]},
        opacity: {value: 0.55}
      }
    },
    {
      transform: of("ray"),
      mark: {type: "rule", strokeWidth: 7, strokeCap: "round", color: color("muted")},
      encoding: {x2: {field: "x2"}, y2: {field: "y2"}, opacity: mainOr(0.4, 0.2)}
    },
    {
      transform: of("path"),
      mark: {type: "line", clip: true, color: color("ink")},
      encoding: {
        detail: {field: "path"},
        order: {field: "order"},
        strokeWidth: mainOr(2.25, 1),
        opacity: mainOr(1, 0.3)
      }
    },
    {
      transform: of("token"),
      mark: {type: "point", strokeWidth: 2, opacity: 1},
      encoding: {
        color: bySequence,
        shape: {
          field: "sequence",
          scale: {domain: sequenceNames, range: ["circle", "square"]},
          legend: null
        },
        fill: {
          condition: {
            test: "datum.main",
            field: "sequence",
            scale: {domain: sequenceNames, range: [color("accent"), color("second")]},
            legend: null
          },
          value: color("panel")
        },
        size: {
          field: "worth",
          type: "quantitative",
          scale: {domain: [-1.2, 1.2], range: [50, 420], clamp: true},
          legend: null
        },
        tooltip: [
          {field: "sequence"},
          {field: "token"},
          {field: "worth", format: ".2f"},
          {field: "x", format: ".2f"},
          {field: "y", format: ".2f"}
        ]
      }
    }
  ]
};

/** Where attention goes in the plane: tokens, the paths of training, and the SVM that each ends on. */
export const attentionPlane: Chart<[plane: Plane]> = {
  name: "attention-plane",
  caption:
    "Marks: tokens, larger where they lower the loss more; filled: selected by the dark path. Curves: training, outwards on a log scale. Broad rays: the SVMs. Thin lines: the margin of the dark path's SVM, from the selected token (solid) to the nearest other (dashed).",
  spec,
  of: (plane) => ({rows: planeRows(plane), finding: planeFinding(plane)})
};
