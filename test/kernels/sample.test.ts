import {describe, expect, it} from "vitest";
import {forward} from "../../src/kernels/sample.cpu.js";
import type {Sampling} from "../../src/kernels/sampling.js";

const logits = [0, 1, -1, 0.5, 2, -3, 1.5, 0.1, -0.4];
const vocab = logits.length;
const options: Sampling = {temperature: 1, topK: 0, seed: 1, step: 0};
const DRAWS = 20_000;

function softmax(scores: readonly number[]): number[] {
  const weights = scores.map((v) => Math.exp(v));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** Pearson's statistic of draws, one a step, against probabilities, where those are not zero. */
function chiSquare(draws: readonly number[], probabilities: readonly number[]): number {
  const counts = probabilities.map((_, token) => draws.filter((draw) => draw === token).length);
  return probabilities.reduce((sum, p, i) => {
    const expected = p * draws.length;
    return p === 0 ? sum : sum + (counts[i] - expected) ** 2 / expected;
  }, 0);
}

/** The chance that a chi-square variate of an even number of degrees exceeds `x`. */
function exceeds(x: number, degrees: number): number {
  let term = Math.exp(-x / 2);
  let sum = 0;
  for (let i = 0; i < degrees / 2; i++) {
    sum += term;
    term *= x / 2 / (i + 1);
  }
  return sum;
}

const drawn = (changes: Partial<Sampling> = {}): number[] =>
  Array.from({length: DRAWS}, (_, step) => {
    const [token] = forward({logits, vocab}, {...options, ...changes, step});
    return token;
  });

describe("the twin", () => {
  it("takes the first of the largest at temperature 0", () =>
    expect(forward({logits: [1, 3, 3, 0, -1, -2], vocab: 3}, {...options, temperature: 0})).toEqual(
      [1, 0]
    ));

  it("draws as softmax says, and not as a hotter softmax says", () => {
    const draws = drawn();
    expect(exceeds(chiSquare(draws, softmax(logits)), 8)).toBeGreaterThan(1e-3);
    const hotter = softmax(logits.map((v) => v / 1.2));
    expect(exceeds(chiSquare(draws, hotter), 8)).toBeLessThan(1e-9);
  });

  it("divides by the temperature", () => {
    const cooler = softmax(logits.map((v) => v / 0.7));
    const draws = drawn({temperature: 0.7, seed: 2});
    expect(exceeds(chiSquare(draws, cooler), 8)).toBeGreaterThan(1e-3);
    expect(exceeds(chiSquare(draws, softmax(logits)), 8)).toBeLessThan(1e-9);
  });

  it("draws the topK largest only, in proportion", () => {
    const kept = [4, 6, 1];
    const probabilities = softmax(logits.map((v, i) => (kept.includes(i) ? v : -Infinity)));
    const draws = drawn({topK: 3, seed: 3});
    expect(new Set(draws)).toEqual(new Set(kept));
    expect(exceeds(chiSquare(draws, probabilities), 2)).toBeGreaterThan(1e-3);
    const even = probabilities.map((p) => (p > 0 ? 1 / 3 : 0));
    expect(exceeds(chiSquare(draws, even), 2)).toBeLessThan(1e-9);
  });

  it("gives each row its own draws, the same ones again", () => {
    const rows = Array.from({length: 50}, () => logits).flat();
    const tokens = forward({logits: rows, vocab}, options);
    expect(forward({logits: rows, vocab}, options)).toEqual(tokens);
    expect(new Set(tokens).size).toBeGreaterThan(1);
  });
});

describe("errors", () => {
  it.each([
    [{temperature: -1}, "temperature must be a number from 0 on, got -1"],
    [{temperature: NaN}, "temperature must be a number from 0 on, got NaN"],
    [{topK: 1.5}, "topK must be a whole number from 0 on, got 1.5"],
    [{seed: 2 ** 53}, "seed must be a whole number from 0 to 2^53 − 1, got 9007199254740992"],
    [{step: -1}, "step must be a whole number from 0 to 2^32 − 1, got -1"]
  ])("of %o", (changes, message) =>
    expect(() => forward({logits, vocab}, {...options, ...changes})).toThrow(`sample: ${message}`)
  );
});
