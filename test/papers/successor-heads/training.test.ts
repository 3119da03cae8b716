import {describe, expect, it} from "vitest";
import type {HostTensor} from "../../../src/model/weights.js";
import {gpt2Tensors} from "../../../src/training/gpt2-tensors.js";
import {recipeOf, train, withoutEmptyLayers} from "../../../src/papers/successor-heads/training.js";

const after = async (steps: number) => {
  let tensors: ReadonlyMap<string, HostTensor> = new Map();
  const losses: number[] = [];
  await train(recipeOf("lists-digits"), "digits", steps, async (trainer, loss) => {
    losses.push(loss);
    if (trainer.step === steps) tensors = gpt2Tensors(withoutEmptyLayers(await trainer.weights()));
  });
  return {tensors, losses};
};

describe("training", () => {
  it("gives the same weights twice, bit for bit, and keeps the empty layers empty", async () => {
    const [one, two] = [await after(3), await after(3)];
    expect(one.losses[2]).toBeLessThan(one.losses[0]);
    expect(two.losses).toEqual(one.losses);
    for (const [name, {data}] of one.tensors) {
      expect(two.tensors.get(name)!.data, name).toEqual(data);
      if (/h\.(0\.attn|1\.mlp)\./.test(name))
        expect(
          data.every((value) => value === 0),
          name
        ).toBe(true);
    }
  }, 120_000);
});
