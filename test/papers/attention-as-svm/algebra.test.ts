import {describe, expect, it} from "vitest";
import {normals} from "../../../src/kernels/normals.js";
import {
  correlation,
  filled,
  type Matrix,
  times,
  transposed,
  zeros
} from "../../../src/papers/attention-as-svm/matrix.js";
import {nuclearNorm, openShrink, singularValues} from "../../../src/papers/attention-as-svm/svd.js";

const matrix = (rows: number[][]): Matrix => ({
  rows: rows.length,
  columns: rows[0].length,
  data: Float64Array.from(rows.flat())
});

const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 10) => {
  expect(actual.length).toBe(expected.length);
  Array.from(actual).forEach((value, i) =>
    expect(value, `at ${i}`).toBeCloseTo(expected[i], digits)
  );
};

describe("singularValues", () => {
  it("are those worked by hand", () => {
    expectNear(
      singularValues(
        matrix([
          [3, 0],
          [4, 5]
        ])
      ),
      [Math.sqrt(45), Math.sqrt(5)]
    );
    expectNear(
      singularValues(
        matrix([
          [1, 1],
          [1, 1]
        ])
      ),
      [2, 0]
    );
    expectNear(
      singularValues(
        matrix([
          [0, -2],
          [0, 0]
        ])
      ),
      [2, 0]
    );
  });

  it("have the matrix's sum of squares, and its transpose's values", () => {
    const a = filled(9, 9, normals(4));
    const values = singularValues(a);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expect(squares).toBeCloseTo(
      a.data.reduce((sum, value) => sum + value * value, 0),
      9
    );
    expectNear(values, singularValues(transposed(a)));
  });

  it("count the rank of a product", () => {
    const product = times(filled(7, 3, normals(5)), filled(3, 7, normals(6)));
    const values = singularValues(product);
    expect(values.filter((value) => value > 1e-9)).toHaveLength(3);
  });
});

describe("openShrink", () => {
  it("lessens each singular value, down to 0, and keeps the directions", () => {
    const shrink = openShrink(2, 2);
    const out = zeros(2, 2);
    shrink(
      out,
      matrix([
        [5, 0],
        [0, -1]
      ]),
      2
    );
    expectNear(out.data, [3, 0, 0, 0]);
  });

  it("gives the matrix back at no price", () => {
    const a = filled(6, 6, normals(7));
    const out = zeros(6, 6);
    openShrink(6, 6)(out, a, 0);
    expectNear(out.data, a.data);
  });

  it("comes nearer than any other tried at that price", () => {
    const a = filled(4, 4, normals(8));
    const out = zeros(4, 4);
    openShrink(4, 4)(out, a, 0.7);
    const cost = (b: Matrix) =>
      b.data.reduce((sum, value, i) => sum + (value - a.data[i]) ** 2 / 2, 0) +
      0.7 * nuclearNorm(b);
    const noise = normals(9);
    for (let i = 0; i < 50; i++) {
      const other = {...out, data: out.data.map((value) => value + 0.05 * noise())};
      expect(cost(other)).toBeGreaterThan(cost(out));
    }
  });
});

describe("correlation", () => {
  it("ignores length, not sign, and is 0 of nothing", () => {
    const a = filled(3, 3, normals(1));
    const scaled = (by: number) => ({...a, data: a.data.map((value) => by * value)});
    expect(correlation(a, scaled(7))).toBeCloseTo(1, 12);
    expect(correlation(a, scaled(-2))).toBeCloseTo(-1, 12);
    expect(correlation(a, zeros(3, 3))).toBe(0);
  });
});
