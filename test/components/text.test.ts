import * as vega from "vega";
import {describe, expect, it} from "vitest";
import {csv} from "../../src/components/download.js";
import {percent, shownPercent, shownToken, visible} from "../../src/components/token-text.js";

describe("visible(text)", () => {
  it.each([
    [" of", "·of"],
    ["of", "of"],
    [" ", "␣"],
    ["a\n", "a↵"],
    ["", "∅"],
    ["  ", "␣␣"],
    [" a b ", "·a b·"],
    ["<|endoftext|>", "⟨eot⟩"],
    [" \uFFFD", "·⟨byte⟩"]
  ])("shows %j as %s", (text, shown) => {
    expect(visible(text)).toBe(shown);
  });
});

describe("percent(p)", () => {
  it.each([
    [0.412, "41%"],
    [0.0996, "10%"],
    [0.0831, "8.3%"],
    [0.0004, "<0.1%"]
  ])("writes %f as %s", (p, text) => {
    expect(percent(p)).toBe(text);
  });
});

describe("csv(rows)", () => {
  it("quotes what would break a line or a column", () => {
    expect(
      csv([
        {a: 1, b: 'x,"y"'},
        {a: null, b: "z"}
      ])
    ).toBe('a,b\n1,"x,""y"""\nnull,z\n');
  });
});

describe("a Vega expression", () => {
  const evaluated = (expression: string, datum: object): unknown => {
    const view = new vega.View(
      vega.parse({
        data: [
          {
            name: "rows",
            values: [datum],
            transform: [{type: "formula", expr: expression, as: "out"}]
          }
        ]
      })
    ).run();
    return (view.data("rows")[0] as {out: unknown}).out;
  };
  it.each([
    " of",
    "a  ",
    "   ",
    "",
    "\n\t",
    "<|endoftext|>",
    "<|x|>",
    "\uFFFD",
    " \uFFFD",
    "it's \\"
  ])("spells %j as the page does", (text) =>
    expect(evaluated(shownToken("token"), {token: text})).toBe(visible(text))
  );
  it.each([1, 0.412, 0.0996, 0.0994, 0.0831, 0.001, 0.0004])("writes %f as the page does", (p) => {
    expect(evaluated(shownPercent("p"), {p})).toBe(percent(p));
  });
});
