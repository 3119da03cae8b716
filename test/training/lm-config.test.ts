import {describe, expect, it} from "vitest";
import {parseLmConfig} from "../../src/training/lm-config.js";
import {TINY} from "./tiny.js";

const parse = (fields: Record<string, unknown>) =>
  parseLmConfig(JSON.stringify({...TINY, ...fields}), "x/training.json");

describe("parseLmConfig", () => {
  it("gives what the file says", () => {
    expect(parse({})).toEqual(TINY);
  });

  it("does without checkpoints only", () => {
    expect(parse({checkpoints: undefined})).not.toHaveProperty("checkpoints");
    for (const name of Object.keys(TINY).filter((field) => field !== "checkpoints"))
      expect(() => parse({[name]: undefined})).toThrow(
        `x/training.json: ${name} must be there, as every training needs it, it is missing`
      );
  });

  it.each([
    ["{", "x/training.json: must be JSON, it does not parse"],
    ["[1]", "x/training.json: must be a JSON object, got an array of 1"]
  ])("says what is wrong with %s", (text, message) => {
    expect(() => parseLmConfig(text, "x/training.json")).toThrow(message);
  });

  it.each([
    [{name: "../x"}, 'name must be letters, digits, dots and dashes, got "../x"'],
    [
      {width: 8},
      "width must be a multiple of 8 from 16 on, for the waves that positions begin as, got 8"
    ],
    [
      {width: 20},
      "width must be a multiple of 8 from 16 on, for the waves that positions begin as, got 20"
    ],
    [{width: "16"}, 'width must be a whole number in 1 … 16777216, got "16"'],
    [{heads: 3}, "heads must be a divisor of width 16, got 3"],
    [{width: 24, heads: 8}, "heads must be such that each head has an even width, got 8"],
    [{depth: 0}, "depth must be a whole number in 1 … 1024, got 0"],
    [{depth: 1}, "depth must be at least 2, for the induction circuit that is begun with, got 1"],
    [{vocab: 70_000}, "vocab must be a whole number in 1 … 65536, got 70000"],
    [{context: 1.5}, "context must be a whole number in 1 … 16777216, got 1.5"],
    [
      {budgets: []},
      "budgets must be whole numbers of tokens, each above the one before, got an array of 0"
    ],
    [
      {budgets: [5, 5]},
      "budgets must be whole numbers of tokens, each above the one before, got an array of 2"
    ],
    [{rate: 0}, "rate must be a number above 0, got 0"],
    [{decay: 1.1}, "decay must be above 0 and at most 1, got 1.1"],
    [{beta2: 1}, "beta2 must be at least 0 and below 1, got 1"],
    [{weightDecay: -1}, "weightDecay must be a number from 0, got -1"],
    [{clip: null}, "clip must be a number above 0, got null"],
    [{seed: -1}, "seed must be a whole number from 0, got -1"],
    [{checkpoints: 1}, "checkpoints must be a whole number from 2, got 1"],
    [{learningRate: 1}, '"learningRate" must be one of name, budgets,']
  ])("refuses %j", (fields, message) => {
    expect(() => parse(fields)).toThrow(`x/training.json: ${message}`);
  });
});
