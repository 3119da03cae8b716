import {compile} from "vega-lite";
import {parse, View} from "vega";
import {describe, expect, it} from "vitest";
import {attribution} from "../../src/components/attribution.js";
import type {Shown} from "../../src/components/chart.js";
import {headMap} from "../../src/components/head-map.js";
import {patchMap} from "../../src/components/patch-map.js";
import {strongest} from "../../src/components/signed-map.js";
import {themeCss} from "../../src/components/theme.js";
import {vegaSpec} from "../../src/components/vega-spec.js";
import type {Contribution} from "../../src/model/sweeps/attribute.js";
import {channels, contrast, mix} from "../support/contrast.js";
import {specWarnings} from "./spec-warnings.js";

const patched = [
  ...[0, 1].flatMap((layer) =>
    [" Mary", " gave", " to"].map((token, pos) => ({
      ...{layer, pos, token, clean_token: token},
      ...{difference: pos, recovered: layer === 0 ? 0.9 - pos : pos / 2 - 0.25}
    }))
  )
];
const ablated = [0, 1].flatMap((layer) =>
  [0, 1].map((head) => ({layer, head, difference: 1, effect: layer === head ? -layer : 0.2}))
);
const byHead = [0, 1].map((head) => ({layer: 0, head, difference: 1, recovered: 0.3 * head}));
const outside = {layer: null, head: null};
const parts: Contribution[] = [
  {part: "embedding", ...outside, contribution: -0.5},
  {part: "head", layer: 1, head: 3, contribution: 2},
  {part: "mlp", layer: 0, head: null, contribution: 1.25},
  {part: "final norm's bias", ...outside, contribution: 0}
];

const charts = [
  ["patches", patchMap.spec, patchMap.of(patched), ["0.90", "−1.10", "block 1", "·Mary"]],
  ["ablated heads", headMap.spec, headMap.of(ablated), ["−1.00", "0.20", "head 1"]],
  ["patched heads", headMap.spec, headMap.of(byHead), ["0.30", "head 1"]],
  [
    "contributions",
    attribution.spec,
    attribution.of(parts),
    ["head 3 of block 1", "MLP of block 0"]
  ]
] as const satisfies readonly (readonly [string, unknown, Shown, readonly string[]])[];

describe.each(charts)("the chart of %s", (_, spec, {rows}, texts) => {
  it("compiles without a warning", () => {
    expect(specWarnings(spec)).toEqual([]);
  });

  it("draws every row", async () => {
    const svg = await new View(parse(vegaSpec(compile, spec, 640))).data("rows", [...rows]).toSVG();
    expect(svg.match(/<path aria-label=/g)).toHaveLength(rows.length);
    for (const text of texts) expect(svg).toContain(`>${text}<`);
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(svg.includes("var(--w-second)")).toBe(JSON.stringify(rows).includes(":-"));
  });
});

it("draws the 14 largest of many contributions", async () => {
  const many = Array.from({length: 40}, (_, head): Contribution => {
    return {part: "head", layer: 0, head, contribution: head};
  });
  const {rows} = attribution.of(many);
  expect(rows).toHaveLength(40);
  const view = new View(parse(vegaSpec(compile, attribution.spec, 640))).data("rows", [...rows]);
  const svg = await view.toSVG();
  expect(svg.match(/<path aria-label=/g)).toHaveLength(14);
  expect(svg).toContain("head 39 of block 0");
  expect(svg).not.toContain("head 25 of block 0");
});

describe("the findings", () => {
  it("say which tokens bring the answer back", () =>
    expect(patchMap.of(patched).finding).toBe(
      "In block 0, “·Mary” (90%) brings most of the answer back; in block 1, “·to” (75%)"
    ));
  it("say of one layer only what it shows", () =>
    expect(patchMap.of(patched.slice(0, 3)).finding).toBe(
      "In block 0, “·Mary” (90%) brings most of the answer back"
    ));
  it("say which head matters", () => {
    expect(headMap.of(ablated).finding).toBe(
      "Without head 1 of block 1 the logit difference falls most: by 1.00"
    );
    expect(headMap.of(byHead).finding).toBe("Head 1 of block 0 brings back most: 30%");
  });
  it("say what adds most to the difference", () =>
    expect(attribution.of(parts).finding).toBe(
      "Head 3 of block 1 adds most: +2.00 to a logit difference of +2.75"
    ));
});

it.each([
  ["light", 0, "#ffffff"],
  ["dark", 1, "#1e1e1e"]
] as const)("a map's numbers can be read on its strongest cells, in %s", (_, theme, page) => {
  const named = (name: string) =>
    [...themeCss.matchAll(new RegExp(`--w-${name}: (#\\w+)`, "g"))][theme][1];
  for (const hue of ["accent", "second"])
    expect(contrast(channels(named("ink")), mix(named(hue), page, strongest))).toBeGreaterThan(4.5);
});
