import {describe, expect, it} from "vitest";
import {
  agreement,
  threeDigits,
  verdictText,
  type VerdictRow
} from "../../src/components/verdict-table.js";

const row = (claim: string, verdict: string, pass = false): VerdictRow => ({
  claim,
  metric: "height",
  value: 0.12345,
  op: ">=",
  threshold: 0.1,
  control: {name: "flat", value: 0, pass},
  verdict,
  expect: "holds-here",
  must: true,
  seed: 0,
  seconds: 1
});
const stored = {device: "", rows: [row("a", "holds-here"), row("b", "partly")]};

describe("verdictText", () => {
  it("is the verdict, and says where it is another than is known or the control passes", () => {
    expect(verdictText(row("a", "holds-here"))).toBe("holds here");
    expect(verdictText(row("a", "not-here"))).toBe("not here; known: holds here");
    expect(verdictText(row("a", "holds-here", true))).toBe("holds here, but so does the control");
  });
});

describe("agreement", () => {
  it("counts the verdicts that are as stored", () => {
    expect(agreement(stored, undefined)).toBe("");
    expect(agreement(stored, [row("a", "holds-here")])).toBe(
      "Here, so far 1 of 2 claims measured, 1 of 1 verdicts as stored."
    );
    expect(agreement(stored, [row("a", "holds-here"), row("b", "not-here")])).toBe(
      "Here 1 of 2 verdicts as stored."
    );
  });
});

describe("threeDigits", () => {
  it.each([
    [0.99714, "0.997"],
    [9.38e-9, "9.38e-9"],
    [-0.01793, "−0.0179"],
    [20, "20"]
  ])("shows %d as %s", (value, text) => expect(threeDigits(value)).toBe(text));
});
