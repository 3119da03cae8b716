import {describe, expect, it} from "vitest";
import {isConsistent} from "../../src/papers/house-models/stories.js";
import {
  permutedSizes,
  predictionError,
  withoutLargest
} from "../../src/papers/house-models/ladder.js";
import {continued} from "../../src/papers/house-models/continued.js";
import type {Backend} from "../../src/model/backend.js";
import {predictedLoss} from "../../src/fit/scaling-law.js";

describe("isConsistent", () => {
  const told = "Mary put the ball in the box. Tom moved the ball from the box to the jar.";

  it("passes a story that keeps every object where it was put", () => {
    expect(isConsistent(`${told} The ball was in the jar.`)).toBe(true);
  });

  it("fails a story that does not", () => {
    expect(isConsistent(`${told} The ball was in the box.`)).toBe(false);
  });

  it("fails a story that never says where an object is", () => {
    expect(isConsistent("Mary was happy. Tom sang a song.")).toBe(false);
    expect(isConsistent("Mary put the ball in the box.")).toBe(false);
    expect(isConsistent("")).toBe(false);
  });

  it("leaves a sentence out that was cut off", () => {
    expect(isConsistent(`${told} The ball was in the ja`)).toBe(true);
    expect(isConsistent("Mary put the ball in the box. The ball was in the box")).toBe(false);
  });
});

describe("the ladder", () => {
  const law = {E: 2, A: 40, B: 500, alpha: 0.4, beta: 0.4};
  const runs = [24e3, 55e3, 147e3, 332e3, 786e3, 1.5e6, 2.7e6].flatMap((parameters) =>
    [1e6, 3e6, 1e7].map((tokens) => ({
      parameters,
      tokens,
      loss: predictedLoss(law, {parameters, tokens})
    }))
  );
  const {smaller, largest} = withoutLargest(runs);

  it("keeps the largest model's runs apart", () => {
    expect(smaller).toHaveLength(18);
    expect(largest.map(({parameters}) => parameters)).toEqual([2.7e6, 2.7e6, 2.7e6]);
  });

  it("is predicted where the law holds, and not where sizes are in another order", () => {
    expect(predictionError(smaller, largest)).toBeLessThan(1e-4);
    const backward = permutedSizes(smaller, (sizes) => sizes.toReversed());
    expect(backward.map(({loss}) => loss)).toEqual(smaller.map(({loss}) => loss));
    expect(backward[0].parameters).toBe(1.5e6);
    expect(predictionError(backward, largest)).toBeGreaterThan(0.02);
  });
});

describe("continued", () => {
  /** Counts up from the last token of a prompt, and ends with 0 after 5. */
  const counting = (decodeMany: boolean): {backend: Backend; asked: number[]} => {
    const asked: number[] = [];
    async function* many(prompts: readonly (readonly number[])[]) {
      asked.push(prompts.length);
      let last = prompts.map((prompt) => prompt.at(-1)!);
      for (let i = 0; i < 9; i++) {
        last = last.map((id) => (id === 5 ? 0 : id + 1));
        yield await Promise.resolve(last);
      }
    }
    const backend = {
      async *decode(prompt: readonly number[]) {
        for await (const [id] of many([prompt])) yield id;
      },
      ...(decodeMany && {decodeMany: many})
    } as unknown as Backend;
    return {backend, asked};
  };
  const sampling = {count: 9, temperature: 0.8, topK: 0, seed: 0};

  it.each([true, false])("gives every prompt its own text (in step: %s)", async (many) => {
    const {backend, asked} = counting(many);
    const prompts = [
      [0, 1],
      [0, 7, 4],
      [0, 3]
    ];
    const texts = await continued(backend, prompts, sampling);
    const upToEnd = texts.map((text) => text.slice(0, text.indexOf(0, 1) + 1));
    expect(upToEnd).toEqual([
      [0, 1, 2, 3, 4, 5, 0],
      [0, 7, 4, 5, 0],
      [0, 3, 4, 5, 0]
    ]);
    expect(asked).toEqual(many ? [2, 1] : [1, 1, 1]);
  });
});
