import {beforeAll, describe, expect, it} from "vitest";
import {gpt2Weights} from "../../src/model/gpt2-names.js";
import {openTwin} from "../../src/model/twin-backend.js";
import {firstWeights} from "../../src/training/first-weights.js";
import {modelConfig} from "../../src/training/lm-config.js";
import {ask} from "../support/ask.js";
import {seeded} from "../support/numbers.js";
import {TINY} from "./tiny.js";

const HALF = 32;
const LENGTH = 2 * HALF;
const config = {...TINY, width: 64, heads: 2, depth: 2, vocab: 512, context: LENGTH};

/** A random sequence of 32 tokens, twice. */
const half = [...seeded(4)(HALF)].map((value) => Math.floor(256 * (value + 1)));
const tokens = [...half, ...half];

/** Keys that follow an earlier occurrence of the token at a query. */
const followers = (query: number): number[] =>
  tokens.flatMap((token, key) => (key < query && token === tokens[query] ? [key + 1] : []));

type Attention = (query: number, key: number) => number;

/** The mean share of attention that goes one token back. */
function backShare(attention: Attention): number {
  let sum = 0;
  for (let query = 1; query < LENGTH; query++) sum += attention(query, query - 1);
  return sum / (LENGTH - 1);
}

/** How many times a uniform share goes to the followers, over the second half. */
function inductionTimes(attention: Attention): number {
  let sum = 0;
  let uniform = 0;
  for (let query = HALF; query < LENGTH; query++)
    for (const key of followers(query)) {
      sum += attention(query, key);
      uniform += 1 / (query + 1);
    }
  return sum / uniform;
}

describe("beginInduction", () => {
  let pattern: (layer: number, head: number) => Attention;
  beforeAll(async () => {
    const first = firstWeights(config);
    const tensors = {entries: first, tensor: (name: string) => first.get(name)!};
    const shape = modelConfig(config);
    const model = await openTwin(shape, gpt2Weights({}, shape, tensors));
    const sites = ["blocks.0.attn.hook_pattern", "blocks.1.attn.hook_pattern"] as const;
    const {activations} = await model.forward(ask([tokens], {sites, logits: "none"}));
    pattern = (layer, head) => {
      const {shape: found, data} = activations.get(sites[layer])!;
      expect(found).toEqual([1, 2, LENGTH, LENGTH]);
      return (query, key) => data[(head * LENGTH + query) * LENGTH + key];
    };
  }, 60_000);

  it("makes head 0 of block 0, and not head 1, look one token back", () => {
    expect(backShare(pattern(0, 0))).toBeGreaterThan(0.5);
    expect(backShare(pattern(0, 1))).toBeLessThan(0.1);
  });

  it("makes head 0 of block 1, and not head 1, look at what followed its token before", () => {
    expect(inductionTimes(pattern(1, 0))).toBeGreaterThan(10);
    expect(inductionTimes(pattern(1, 1))).toBeLessThan(2);
  });
});
