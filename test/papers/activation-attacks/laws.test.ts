import {describe, expect, it} from "vitest";
import type {AttackRow} from "../../../src/model/attack/attack-rows.js";
import {
  controls,
  forced,
  HELD_OUT,
  lawOf,
  pick,
  resistance,
  slopeOf
} from "../../../src/papers/activation-attacks/laws.js";

/** Rows of attacks that force half of 2 + 1.5 · a tokens. */
const rows: AttackRow[] = [1, 2, 4, 8, 16].flatMap((a) =>
  [1, 2, 4, 8, 16, 32, 64].flatMap((t) =>
    [0, 1, 2, 3].map((rep) => {
      const success = 1 / (1 + (t / (2 + 1.5 * a)) ** 4);
      return {layer: 0, a, t, dims: 32, bits: 32, rep, step: 9, loss: 1, success};
    })
  )
);

describe("lawOf", () => {
  const law = lawOf(rows);

  it("finds the line that attacks were made by, and foretells what it was not shown", () => {
    expect(law.line.slope).toBeCloseTo(1.5, 2);
    expect(law.line.intercept).toBeCloseTo(2, 1);
    expect(law.line.r2).toBeGreaterThan(0.999);
    expect(slopeOf(rows)).toBe(law.line.slope);
    expect(law.predicted.value).toBeCloseTo(2 + 1.5 * HELD_OUT, 1);
    expect(law.proportional.r2).toBeLessThan(law.line.r2);
    expect(law.power).toBeLessThan(1);
  });

  it("has a band of no width where all repetitions are alike", () => {
    expect(law.slope.high - law.slope.low).toBeLessThan(1e-3);
  });

  it("gives bits in for a bit out", () => {
    const found = resistance(law, {width: 32, bits: 16, choices: 256});
    expect(found.value).toBeCloseTo((32 * 16) / (law.slope.value * 8), 9);
    expect(found.low).toBeLessThanOrEqual(found.value);
  });
});

it("has a wider band where repetitions differ", () => {
  const uneven = rows.map((row) => (row.rep < 2 ? {...row, success: row.success ** 2} : row));
  const [{low, high}] = forced(uneven);
  expect(high - low).toBeGreaterThan(0.3);
});

it("takes a series that ended at once for one that forces less than its first number", () => {
  const one = rows.filter(({a, t}) => a === 4 && t === 4).map((row) => ({...row, success: 0.1}));
  expect(forced(one)).toMatchObject([{a: 4, value: 2}]);
});

it("tells attacks from their controls, and series from each other", () => {
  const other = [
    {...rows[0], step: 0},
    {...rows[0], layer: 1},
    {...rows[0], dims: 16},
    {...rows[0], bits: 8}
  ];
  expect(pick([...other, rows[0]], {dims: 32})).toEqual([rows[0]]);
  expect(controls([...other, {...rows[0], layer: -1, step: 0}])).toEqual([other[0]]);
});
