import {describe, expect, it} from "vitest";
import {countContinuations, countGrams, pack} from "../../src/corpus/ngram/grams.js";
import {kneserNey} from "../../src/corpus/ngram/kneser-ney.js";
import {seeded} from "../../src/corpus/random.js";

const random = seeded(4);
const stream = Uint16Array.from({length: 400}, () => Math.floor(7 * random.next() ** 2));

describe("countGrams", () => {
  it("counts pairs, by hand", () => {
    const {keys, counts} = countGrams(Uint16Array.of(1, 2, 1, 2, 3), 2);
    expect([...keys]).toEqual(
      [
        [1, 2],
        [2, 1],
        [2, 3]
      ].map((pair) => pack(pair, 0, 2))
    );
    expect([...counts]).toEqual([2, 1, 1]);
  });

  it.each([1, 2, 3, 4, 5])("packs %i large ids as pack does", (order) => {
    const tokens = Uint16Array.of(2047, 4095, 1, 2000, 3001, 5);
    const places = Array.from({length: 7 - order}, (_, i) => pack(tokens, i, order));
    expect([...countGrams(tokens, order).keys]).toEqual(places.sort((a, b) => (a < b ? -1 : 1)));
  });
});

describe("countContinuations", () => {
  it("counts the different tokens before each", () => {
    const pairs = countGrams(Uint16Array.of(1, 3, 2, 3, 1, 3, 1), 2);
    const {keys, counts} = countContinuations(pairs, 2);
    expect([...keys]).toEqual([1n, 2n, 3n]);
    expect([...counts]).toEqual([1, 1, 2]);
  });
});

describe("kneserNey", () => {
  it.each([1, 2, 3, 4, 5])("gives probabilities that add up to one at order %i", (order) => {
    const model = kneserNey(stream, order, 8);
    for (const history of [[], [0, 1, 0, 2], [5, 5, 5, 5], [7, 7, 7, 7], [0, 0]]) {
      const chances = Array.from({length: 8}, (_, token) =>
        model.probability([...history, token], history.length)
      );
      expect(chances.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(Math.min(...chances)).toBeGreaterThan(0);
    }
  });

  it("agrees with order 2 worked by hand", () => {
    // Pairs ab ab ac ba ba ca: a is followed by b, b, c. Discounts are 0.5 (the text is small).
    // Level 1: distinct left neighbours a: 2, b: 1, c: 1 of 4; freed 0.5 · 3; below it 1/4 each.
    const [a, b, c] = [0, 1, 2];
    const model = kneserNey(Uint16Array.of(a, b, a, b, a, c, a), 2, 4);
    const level1 = (1 - 0.5 + 1.5 * 0.25) / 4;
    expect(model.probability([a, b], 1)).toBeCloseTo((2 - 0.5 + 1 * level1) / 3, 12);
    expect(model.probability([a, c], 1)).toBeCloseTo((1 - 0.5 + 1 * level1) / 3, 12);
  });

  it("does better with a longer view on a text that repeats", () => {
    const text = Uint16Array.from({length: 600}, (_, i) => [1, 2, 1, 3, 2, 2][i % 6]);
    const cost = (order: number): number => {
      const model = kneserNey(text, order, 8);
      return -Math.log(model.probability([1, 2, 1, 3], 3));
    };
    expect(cost(4)).toBeLessThan(cost(2));
    expect(cost(2)).toBeLessThan(cost(1));
  });

  it("says which orders it has", () => {
    expect(() => kneserNey(stream, 6, 8)).toThrow(
      "kneserNey: order must be from 1 to 5 to fit 64 bits, got 6"
    );
  });
});
