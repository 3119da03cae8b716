import {expect, it} from "vitest";
import {wilson} from "../../src/fit/wilson.js";

it("has the interval that its own equation gives: the shares whose test does not reject", () => {
  const {value, low, high} = wilson(7, 20);
  expect(value).toBe(0.35);
  for (const p of [low, high])
    expect(Math.abs(value - p) / Math.sqrt((p * (1 - p)) / 20)).toBeCloseTo(1.959964, 9);
  expect(low).toBeLessThan(0.35);
  expect(high).toBeGreaterThan(0.35);
});

it("stays within 0 and 1 where none or all succeeded", () => {
  expect(wilson(0, 10)).toMatchObject({value: 0, low: 0});
  expect(wilson(0, 10).high).toBeCloseTo(0.2775, 4);
  expect(wilson(10, 10).value).toBe(1);
  expect(wilson(10, 10).high).toBeCloseTo(1, 12);
});

it.each([
  [1, 0],
  [3, 2],
  [-1, 5],
  [Number.NaN, 5]
])("refuses %i of %i", (successes, trials) => {
  expect(() => wilson(successes, trials)).toThrow(
    `wilson: successes must be in 0 … trials, of at least one trial, got ${successes} of ${trials}`
  );
});
