import {describe, expect, it} from "vitest";
import {keyOf, philox} from "../../src/kernels/philox.js";
import {normals} from "../../src/kernels/normals.js";
import {firstWeights} from "../../src/training/first-weights.js";
import {Batches, windowOrder} from "../../src/training/window-order.js";
import {TINY} from "./tiny.js";

// All numbers below were printed by scripts/train_lm.py, by the expressions that stand beside them.

describe("philox", () => {
  it("gives the words of philox(3, 7, 2)", () => {
    const words = [0, 1, 2].map((i) => philox([i, 2, 0, 0], keyOf(7)));
    expect(words).toEqual([
      [1388738253, 209292021, 3880312189, 3137539610],
      [2999512336, 252350610, 620805919, 2792289195],
      [3954430790, 4084695379, 2909246455, 3448228789]
    ]);
  });
});

describe("normals", () => {
  it("gives the values of normals(4, 1)", () => {
    const draw = normals(1);
    const expected = [
      0.3804007020347322, 0.6269478515566697, -1.5671556823914556, 0.7255157604596517
    ];
    for (const value of expected) expect(draw()).toBeCloseTo(value, 14);
  });
});

describe("windowOrder", () => {
  it.each([
    [0, [3, 11, 7, 1, 10, 2, 5, 8, 6, 9, 0, 4]],
    [1, [1, 6, 4, 5, 10, 3, 0, 8, 2, 9, 11, 7]]
  ])("is argsort(philox(12, 5, epoch + 1)[:, 0]) in epoch %i", (epoch, order) => {
    expect([...windowOrder(12, 5, epoch)]).toEqual(order);
  });
});

// Corpus.batch of the ids 100 … 140 with batch 2, context 4 and seed 5, at steps 0, 4 (the last of the
// first epoch) and 5.
describe("Batches", () => {
  const ids = Uint16Array.from({length: 41}, (_, i) => 100 + i);
  const config = {...TINY, vocab: 200, batch: 2, context: 4, seed: 5};

  it.each([
    [0, [112, 128]],
    [4, [100, 116]],
    [5, [104, 124]]
  ])("at step %i gives the windows from %j on", (step, starts) => {
    const windows = starts.flatMap((start) => [0, 1, 2, 3, 4].map((i) => start + i));
    expect([...new Batches(ids, config).at(step)]).toEqual(windows);
  });

  it("hands out every window once an epoch", () => {
    const batches = new Batches(ids, config);
    const starts = [0, 1, 2, 3, 4].flatMap((step) => [batches.at(step)[0], batches.at(step)[5]]);
    expect(starts.sort()).toEqual([100, 104, 108, 112, 116, 120, 124, 128, 132, 136]);
  });

  it("refuses a corpus shorter than a batch, or of another vocabulary", () => {
    expect(() => new Batches(ids.subarray(0, 8), config)).toThrow(
      "corpus: must have 9 tokens or more, for one batch, got 8"
    );
    expect(() => new Batches(ids, {...config, vocab: 139})).toThrow(
      "corpus: token 39 must be below 139, the vocabulary of the configuration, got 139"
    );
  });
});

// Values 0, 13, the middle and the last, and the sum of magnitudes, of first_weights(dict(width=16,
// depth=2, heads=2, vocab=3, context=5, seed=3)), in float32.
describe("firstWeights", () => {
  const config = {...TINY, width: 16, depth: 2, heads: 2, vocab: 3, context: 5, seed: 3};
  const weights = firstWeights(config);

  it.each([
    ["wte.weight", [3, 16], [0.04725542, 0, -0.06098587, 0, 2.4067469]],
    ["wpe.weight", [5, 16], [0, 0.4, 0, 0.3995001, 4.573022]],
    ["h.0.attn.c_attn.weight", [16, 48], [0, -0.012934589, 0, -0.038536444, 70.94377]],
    ["h.0.attn.c_proj.weight", [16, 16], [0.07714693, 0, 0.012003367, -0.014611071, 11.334946]],
    [
      "h.1.attn.c_attn.weight",
      [16, 48],
      [0.07652248, -0.09321886, -0.007940819, -0.24242538, 154.71648]
    ],
    ["h.1.attn.c_proj.weight", [16, 16], [-0.22364542, 0, -0.021680927, -0.0030149193, 18.037182]],
    [
      "h.1.mlp.c_fc.weight",
      [16, 64],
      [0.093886785, -0.13786975, -0.2510929, 0.17282636, 99.782906]
    ],
    [
      "h.1.mlp.c_proj.weight",
      [64, 16],
      [0.022173015, 0.009245326, 0.05199192, 0.02135237, 25.370539]
    ]
  ])("begins %s as the Python does", (name, shape, expected) => {
    const {shape: found, data} = weights.get(name)!;
    expect(found).toEqual(shape);
    const magnitude = data.reduce((sum, value) => sum + Math.abs(value), 0);
    const values = [data[0], data[13], data[data.length / 2], data.at(-1)!, magnitude];
    values.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  it("begins gains at 1 and biases at 0", () => {
    const rest = [...weights].filter(([name]) => /bias|ln_/.test(name));
    expect(rest).toHaveLength(2 * 8 + 2);
    for (const [name, {data}] of rest)
      expect(new Set(data)).toEqual(new Set([/ln_.*weight/.test(name) ? 1 : 0]));
  });
});
