import {join} from "node:path";
import {describe, expect, it} from "vitest";
import {folderFiles} from "../../../src/cli/folder-source.js";
import {openTwin} from "../../../src/model/twin-backend.js";
import {additionError, productError} from "../../../src/papers/successor-heads/identities.js";
import {heldOut} from "../../../src/papers/successor-heads/list-accuracy.js";
import {
  listClasses,
  listModel,
  permutation,
  withPermutedRows
} from "../../../src/papers/successor-heads/models.js";
import {brightCells} from "../../../src/papers/successor-heads/picture.js";
import {
  centroids,
  cosine,
  nearest,
  residueAccuracy
} from "../../../src/papers/successor-heads/probe.js";
import {
  successorScore,
  type TokenClass,
  topOf
} from "../../../src/papers/successor-heads/scores.js";
import {hits, steer} from "../../../src/papers/successor-heads/steering.js";
import {firstListModel, recipeOf} from "../../../src/papers/successor-heads/training.js";

const model = await listModel(
  {shipped: (name) => folderFiles(join("data/models", name))},
  "lists-digits"
);

describe("the product of weights", () => {
  it("is what each head writes on one token, in float64", async () => {
    const twin = await openTwin(model.config, model.weights);
    const ids = listClasses.flatMap((of) => of.ids.slice(0, 3));
    expect(await productError(model, twin, ids, "E+MLP0")).toBeLessThan(1e-6);
    expect(await productError(model, twin, ids, "MLP0")).toBeGreaterThan(0.01);
  });

  it("adds up over heads where the last norm is held", async () => {
    const twin = await openTwin(model.config, model.weights);
    const texts = heldOut(1, 1, "digits");
    expect(await additionError(model, twin, texts, true)).toBeLessThan(1e-6);
    expect(await additionError(model, twin, texts, false)).toBeGreaterThan(0.01);
  });
});

describe("successorScore", () => {
  const of: TokenClass = {name: "three", members: ["a", "b", "c"], ids: [0, 1, 2], cyclic: false};
  const logits = Float64Array.of(0, 2, 1, 0, 3, 2, 9, 0, 0);

  it("counts the members whose successor is on top, worked by hand", () => {
    expect([0, 1, 2].map((row) => topOf({of, logits}, row))).toEqual([1, 1, 0]);
    expect(successorScore({of, logits})).toBe(1 / 2);
    expect(successorScore({of: {...of, cyclic: true}, logits})).toBe(2 / 3);
  });

  it("has its successors among the bright cells", () => {
    const cells = brightCells({of, logits});
    expect(cells.filter(({successor}) => successor).map(({given, top}) => [given, top])).toEqual([
      ["a", true],
      ["b", false]
    ]);
  });
});

describe("centroids", () => {
  it("are means less their mean, and tell a residue that is there", () => {
    const points = {width: 2, data: Float64Array.of(2, 0, 4, 0, 0, 1, 0, 3)};
    expect(centroids(points, [0, 0, 1, 1], 2).map((c) => [...c])).toEqual([
      [1.5, -1],
      [-1.5, 1]
    ]);
    expect(cosine(Float64Array.of(1, 0), Float64Array.of(1, 1))).toBeCloseTo(Math.SQRT1_2, 12);
    expect(
      nearest(Float64Array.of(0, 5), Float64Array.of(0, 0), [
        Float64Array.of(1, 0),
        Float64Array.of(0.1, 1)
      ])
    ).toBe(1);
    const circle = (modulus: number) => ({
      width: 2,
      data: Float64Array.from(
        Array.from({length: 60}, (_, n) => (2 * Math.PI * n) / modulus).flatMap((angle) => [
          Math.cos(angle),
          Math.sin(angle)
        ])
      )
    });
    expect(residueAccuracy(circle(10), 10)).toBe(1);
    expect(residueAccuracy(circle(10), 7)).toBeLessThan(0.4);
  });
});

describe("steer", () => {
  const all = {layer: 1, heads: [0, 1, 2, 3]};
  it("leaves every number as it is at scale 0", () => {
    const outs = (random?: number) =>
      steer(model, listClasses[0], {...all, scale: 0, ...(random && {random})}).map(({out}) => out);
    expect(outs()).toEqual(outs(5));
    expect(hits(steer(model, listClasses[0], {...all, scale: 0}))).toBeLessThan(0.1);
    expect(outs()).toHaveLength(60 * 9 - 9);
  });
});

describe("models beside it", () => {
  it("are the same but for the rows of the embedding", () => {
    const other = withPermutedRows(model, 3);
    const order = permutation(model.config.vocab, 3);
    const row = (of: Float32Array, n: number) => [...of.subarray(n * 64, n * 64 + 64)];
    expect(row(other.weights.embedding.data, 7)).toEqual(
      row(model.weights.embedding.data, order[7])
    );
    expect(other.weights.unembedding).toBe(model.weights.unembedding);
    expect(new Set(order).size).toBe(model.config.vocab);
  });

  it("begin with nothing before the MLP and nothing behind the attention", () => {
    const {blocks} = firstListModel(recipeOf("lists-only"));
    for (const {data} of [blocks[0].value.weight, blocks[0].output.weight, blocks[1].up.weight])
      expect(data.every((value) => value === 0)).toBe(true);
    expect(blocks[1].output.weight.data.some((value) => value !== 0)).toBe(true);
  });
});
