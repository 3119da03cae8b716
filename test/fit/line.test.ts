import {expect, it} from "vitest";
import {explained, fitLine, fitPower, fitThroughOrigin} from "../../src/fit/line.js";

it("finds a line, and what it leaves", () => {
  // by hand: means 2 and 4, slope (1·1 + 1·2) / 2
  const {slope, intercept, r2} = fitLine([
    [1, 3],
    [2, 3],
    [3, 6]
  ]);
  expect(slope).toBeCloseTo(1.5, 12);
  expect(intercept).toBeCloseTo(1, 12);
  expect(r2).toBeCloseTo(1 - (0.25 + 1 + 0.25) / 6, 12);
});

it("finds a line through the origin, which may do worse than the mean", () => {
  const points = [
    [1, 5],
    [2, 5.5]
  ] as const;
  const {slope, r2} = fitThroughOrigin(points);
  expect(slope).toBeCloseTo(16 / 5, 12);
  expect(r2).toBeLessThan(0);
  expect(r2).toBe(explained(points, (x) => (x * 16) / 5));
});

it("finds a power", () => {
  const {factor, power} = fitPower([1, 2, 4, 9].map((x) => [x, 3 * x ** 0.7]));
  expect(factor).toBeCloseTo(3, 12);
  expect(power).toBeCloseTo(0.7, 12);
});

it("refuses points at one place", () => {
  expect(() => fitLine([[2, 1]])).toThrow("two places at least for a slope, got 1 points");
});
