import {describe, expect, it} from "vitest";
import {normals} from "../../src/kernels/normals.js";
import {bootstrap} from "../../src/tables/bootstrap.js";

describe("bootstrap", () => {
  it("of 0 and 1 gives the quarters and halves that are worked by hand", () => {
    // the mean of two draws is 0, ½ or 1 with chance ¼, ½, ¼
    const options = {samples: 4000, seed: 3};
    expect(bootstrap([0, 1], {...options, level: 0.45})).toEqual({value: 0.5, low: 0.5, high: 0.5});
    expect(bootstrap([0, 1], {...options, level: 0.55})).toEqual({value: 0.5, low: 0, high: 1});
  });

  it("of a normal sample is 1.96 standard errors wide on each side", () => {
    const next = normals(5);
    const values = Array.from({length: 400}, () => 3 + 2 * next());
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    const error = Math.sqrt(variance / values.length);
    const {value, low, high} = bootstrap(values, {samples: 4000});
    expect(value).toBeCloseTo(mean, 12);
    expect((mean - low) / error).toBeGreaterThan(1.86);
    expect((mean - low) / error).toBeLessThan(2.06);
    expect((high - mean) / error).toBeGreaterThan(1.86);
    expect((high - mean) / error).toBeLessThan(2.06);
  });

  it("is the same for a seed, and another for another", () => {
    const values = [1, 2, 4, 8, 16];
    expect(bootstrap(values, {seed: 1})).toEqual(bootstrap(values, {seed: 1}));
    expect(bootstrap(values, {seed: 1, samples: 50})).not.toEqual(
      bootstrap(values, {seed: 2, samples: 50})
    );
  });

  it("takes any statistic, and a wider level for a wider band", () => {
    const values = [5, 1, 9, 3, 7];
    const statistic = (drawn: readonly number[]) => Math.max(...drawn);
    expect(bootstrap(values, {statistic})).toMatchObject({value: 9, high: 9});
    const width = (level: number) => {
      const {low, high} = bootstrap(values, {level});
      return high - low;
    };
    expect(width(0.99)).toBeGreaterThan(width(0.5));
  });

  it("of one number, or of equal ones, is that number", () => {
    expect(bootstrap([2])).toEqual({value: 2, low: 2, high: 2});
    expect(bootstrap(new Float32Array([3, 3]))).toEqual({value: 3, low: 3, high: 3});
  });

  it.each([
    [[], {}, "bootstrap: values must be at least one number, got none"],
    [[1, NaN], {}, "bootstrap: values must be finite, got NaN at index 1"],
    [[1], {level: 95}, "bootstrap: level must be between 0 and 1, got 95"],
    [[1], {samples: 0.5}, "bootstrap: samples must be a whole number above 0, got 0.5"]
  ])("refuses %j with %j", (values, options, sentence) => {
    expect(() => bootstrap(values, options)).toThrow(new RangeError(sentence));
  });
});
