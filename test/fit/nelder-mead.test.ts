import {describe, expect, it} from "vitest";
import {nelderMead} from "../../src/fit/nelder-mead.js";

const search = {step: 0.5, tolerance: 1e-16, iterations: 5000};

describe("nelderMead", () => {
  it("finds the bottom of a bowl", () => {
    const {at, value} = nelderMead(([x, y]) => (x - 3) ** 2 + 4 * (y + 1) ** 2 + 7, [0, 0], search);
    expect(at[0]).toBeCloseTo(3, 6);
    expect(at[1]).toBeCloseTo(-1, 6);
    expect(value).toBeCloseTo(7, 12);
  });

  it("follows the bent valley of Rosenbrock's function to its end", () => {
    const rosenbrock = ([x, y]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
    const {at} = nelderMead(rosenbrock, [-1.2, 1], search);
    expect(at[0]).toBeCloseTo(1, 5);
    expect(at[1]).toBeCloseTo(1, 5);
  });

  it("gives the best place it has seen when its iterations are spent", () => {
    const seen: number[] = [];
    const f = ([x]: readonly number[]) => {
      seen.push(x * x);
      return x * x;
    };
    const {value} = nelderMead(f, [10], {...search, iterations: 3});
    expect(value).toBe(Math.min(...seen));
  });
});
