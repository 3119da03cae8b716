import {describe, expect, it} from "vitest";
import {disagreement} from "./numbers.js";

const tenth = {ofRowMax: 0, ofValue: 0.1};

describe("disagreement", () => {
  it("accepts values within the tolerance of the value", () =>
    expect(disagreement([1.09, 109], [1, 100], 2, tenth)).toBeNull());

  it("takes the maximum of each row, not of the whole", () => {
    const ofRow = {ofRowMax: 0.01, ofValue: 0};
    expect(disagreement([100, 0.5], [100, 0], 2, ofRow)).toBeNull();
    expect(disagreement([100, 0.5], [100, 0], 1, ofRow)).toContain("value 1 of 2 is 0.5");
  });

  it("names the worst of several wrong values", () =>
    expect(disagreement([1.5, 5, 3], [1, 2, 3], 3, tenth)).toBe(
      "value 1 of 3 is 5, expected 2: 15.0 times the tolerance"
    ));

  it("rejects NaN", () => expect(disagreement([1, NaN], [1, 2], 2)).toContain("is NaN"));

  it("rejects a wrong length", () =>
    expect(disagreement([1], [1, 2], 2)).toBe("1 values, expected 2"));
});
