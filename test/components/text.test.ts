import {describe, expect, it} from "vitest";
import {csv} from "../../src/components/download.js";
import {percent, visible} from "../../src/components/token-text.js";

describe("visible(text)", () => {
  it.each([
    [" of", "·of"],
    ["of", "of"],
    [" ", "␣"],
    ["a\n", "a↵"],
    ["", "∅"],
    ["<|endoftext|>", "⟨eot⟩"]
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
