import type {TopLevelSpec} from "vega-lite";
import type {Chart} from "./chart.js";
import {color} from "./theme.js";
import {percent} from "./token-text.js";
import {uprightTitle} from "./upright-title.js";

/** A prompt read in every order of its options. */
export interface OrderFan {
  readonly options: readonly string[];
  /** Behind the options, such as ` Tom has the`. */
  readonly behind: string;
  readonly answer: string;
  /** What was done to make a set of the options. */
  readonly edits: {readonly positions: boolean; readonly mask: boolean};
  readonly rows: readonly {
    readonly order: string;
    readonly way: "ordinary" | "edited";
    readonly p: number;
    readonly likeliest: string;
  }[];
}

function inWords({positions, mask}: OrderFan["edits"]): string {
  if (positions && mask) return "as a set";
  if (positions) return "with shared positions alone";
  return mask ? "with the mask alone" : "with neither edit";
}

function finding({answer, edits, rows}: OrderFan): string {
  const [plain, edited] = (["ordinary", "edited"] as const).map((way) =>
    rows.filter((row) => row.way === way).map(({p}) => p)
  );
  const range = (ps: readonly number[]) => [Math.min(...ps), Math.max(...ps)] as const;
  const [low, high] = range(plain);
  const [least, most] = range(edited);
  const after =
    most - least < 1e-4
      ? `${inWords(edits)}, it is ${percent(most)} in every order`
      : `${inWords(edits)}, it still goes from ${percent(least)} to ${percent(most)}`;
  return `“${answer.trim()}” is given ${percent(low)} to ${percent(high)}, by the order of the options alone; ${after}`;
}

const names = {ordinary: "ordinary prompt", edited: "with the edits"} as const;

function fanRows({options, rows}: OrderFan) {
  const plain = rows.filter(({way}) => way === "ordinary").toSorted((a, b) => a.p - b.p);
  const rank = new Map(plain.map(({order}, i) => [order, i + 1]));
  const given = options.map((_, i) => i + 1).join(" ");
  return rows.map(({order, way, p, likeliest}) => ({
    rank: rank.get(order)!,
    order,
    prompt: names[way],
    p,
    likeliest,
    given: order === given
  }));
}

const spec: TopLevelSpec = {
  description: "Probability of one answer in every order of the options",
  data: {name: "rows"},
  height: 260,
  padding: {left: 2, top: 2, right: 2, bottom: 2},
  encoding: {
    x: {
      field: "rank",
      type: "quantitative",
      scale: {nice: false, zero: false, padding: 8},
      axis: {
        title: "orders, by what the ordinary prompt makes of them",
        tickMinStep: 1,
        grid: false
      }
    },
    y: {
      field: "p",
      type: "quantitative",
      scale: {domainMin: 0},
      axis: {
        title: "probability of the answer",
        ...uprightTitle,
        format: "~%"
      }
    },
    color: {
      field: "prompt",
      type: "nominal",
      scale: {domain: Object.values(names), range: [color("second"), color("accent")]},
      legend: {title: null, orient: "bottom", symbolType: "circle"}
    },
    tooltip: [
      {field: "prompt"},
      {field: "order", title: "order of options"},
      {field: "p", title: "probability", format: ".4f"},
      {field: "likeliest", title: "likeliest"}
    ]
  },
  layer: [
    {mark: {type: "line", strokeWidth: 1.5, opacity: 0.5}},
    {mark: {type: "point", filled: true, size: 60, opacity: 1}},
    {
      transform: [{filter: "datum.given"}],
      mark: {type: "point", filled: false, size: 190, strokeWidth: 2, opacity: 1}
    }
  ]
};

/** What every order of a prompt's options makes of one answer. */
export const orderFan: Chart<[fan: OrderFan]> = {
  name: "order-fan",
  caption:
    "A point is one order of the same options; the ring is the one they are given in. Orange: read one after the other. Blue: with the edits, which leave a model nothing to tell the orders by.",
  spec,
  of: (fan) => ({
    rows: fanRows(fan),
    finding: finding(fan),
    prompt: [...fan.options, fan.behind].join("")
  })
};
