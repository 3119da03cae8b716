import {describe, expect, it} from "vitest";
import {seeded} from "../../src/corpus/random.js";
import type {Backend} from "../../src/model/backend.js";
import {meanLoss, textNats} from "../../src/papers/measures.js";
import {shuffledPositions} from "../../src/papers/weight-surgery.js";
import {randomWeights, SMALL_MODELS} from "../support/small-models.js";

/** After token 1, of a vocabulary of 4, token 3 has logit ln 3; elsewhere all are alike. */
const backend = {
  forward: ({tokens}: {tokens: readonly (readonly number[])[]}) =>
    Promise.resolve({
      logits: {
        shape: [tokens.length, tokens[0].length, 4],
        data: Float32Array.from(
          tokens.flat().flatMap((id) => (id === 1 ? [0, 0, 0, Math.log(3)] : [0, 0, 0, 0]))
        )
      }
    })
} as unknown as Backend;

describe("textNats", () => {
  it("adds what every token but each text's first costs", async () => {
    const nats = await textNats(backend, [
      [1, 3, 0],
      [0, 1, 2]
    ]);
    expect(nats).toBeCloseTo(Math.log(2) + Math.log(4) + Math.log(4) + Math.log(6), 6);
  });
});

describe("meanLoss", () => {
  it("is per token, over texts of any length", async () => {
    const loss = await meanLoss(backend, [
      [1, 3],
      [2, 2, 2]
    ]);
    expect(loss).toBeCloseTo((Math.log(2) + 2 * Math.log(4)) / 3, 6);
  });
});

describe("shuffledPositions", () => {
  const [, config] = SMALL_MODELS.find(([, {positions}]) => positions === "learned")!;
  const weights = randomWeights(config, 3);

  it("keeps every row, in another order, and all other weights", () => {
    const shuffled = shuffledPositions(weights, seeded(1));
    const rows = ({shape: [count, width], data}: NonNullable<typeof weights.positions>) =>
      Array.from({length: count}, (_, i) => data.subarray(i * width, (i + 1) * width).join());
    const [before, after] = [rows(weights.positions!), rows(shuffled.positions!)];
    expect(after).not.toEqual(before);
    expect(after.toSorted()).toEqual(before.toSorted());
    expect({...shuffled, positions: undefined}).toEqual({...weights, positions: undefined});
  });

  it("refuses a model without a table of positions", () => {
    expect(() => shuffledPositions({...weights, positions: undefined}, seeded(1))).toThrow(
      "weights must have learned positions"
    );
  });
});
