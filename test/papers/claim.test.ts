import {describe, expect, it} from "vitest";
import {type Claim, isFound, isGood, mustHold} from "../../src/papers/claim.js";

const claim = (value: number, control: number, rest: Partial<Claim> = {}): Claim => ({
  claim: "it rises",
  metric: "height",
  op: ">=",
  threshold: 0.8,
  partly: 0.5,
  value: () => Promise.resolve(value),
  control: {name: "flat", value: () => Promise.resolve(control)},
  ...rest
});

describe("isFound", () => {
  it.each([
    [0.8, "holds-here"],
    [0.79, "partly"],
    [0.49, "not-here"],
    [NaN, "not-here"]
  ] as const)("gives %d its verdict, %s", async (value, verdict) => {
    const row = await isFound("paper", 3, claim(value, 0), verdict);
    expect(row).toMatchObject({verdict, expect: verdict, must: false, seed: 3, partly: 0.5});
    expect(isGood(row)).toBe(true);
  });

  it("knows nothing between where no weaker threshold is given", async () => {
    const row = await isFound("paper", 0, claim(0.7, 0, {partly: undefined}), "not-here");
    expect(row.verdict).toBe("not-here");
    expect(row).not.toHaveProperty("partly");
  });

  it("is not good where the verdict is another than was found, better or worse", async () => {
    expect(isGood(await isFound("paper", 0, claim(0.9, 0), "partly"))).toBe(false);
    expect(isGood(await isFound("paper", 0, claim(0.4, 0), "partly"))).toBe(false);
  });

  it("is not good where the control passes", async () => {
    const row = await isFound("paper", 0, claim(0.9, 0.8), "holds-here");
    expect(row.control.pass).toBe(true);
    expect(isGood(row)).toBe(false);
  });
});

describe("mustHold", () => {
  it("expects the claim to hold", async () => {
    expect(await mustHold("paper", 0, claim(0.9, 0))).toMatchObject({
      must: true,
      expect: "holds-here"
    });
    expect(isGood(await mustHold("paper", 0, claim(0.7, 0)))).toBe(false);
  });
});
