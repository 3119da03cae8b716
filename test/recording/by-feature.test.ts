import {describe, expect, it} from "vitest";
import {byFeature, valueAt} from "../../src/recording/by-feature.js";
import {featureFacts} from "../../src/recording/feature-facts.js";
import {labelMatches} from "../../src/recording/label-match.js";
import {largest} from "../../src/recording/read-features.js";

// token 0: feature 2 at 1; token 1: features 0 and 2 at 3 and 2; token 2, of the next shard: feature 2 at 4
const shards = [
  {
    starts: Uint32Array.of(0, 1, 3),
    features: Uint16Array.of(2, 0, 2),
    values: Float32Array.of(1, 3, 2)
  },
  {starts: Uint32Array.of(0, 1), features: Uint16Array.of(2), values: Float32Array.of(4)}
];

describe("byFeature(shards, features)", () => {
  it("turns what fired from token by token to feature by feature", () => {
    expect(byFeature(shards, 3)).toEqual({
      starts: Uint32Array.of(0, 1, 1, 4),
      tokens: Uint32Array.of(1, 0, 1, 2),
      values: Float32Array.of(3, 1, 2, 4)
    });
  });

  it("says what a feature is at a token, 0 where it does not fire", () => {
    const fired = byFeature(shards, 3);
    expect([0, 1, 2].map((token) => valueAt(fired, 2, token))).toEqual([1, 2, 4]);
    expect([0, 1, 2].map((token) => valueAt(fired, 0, token))).toEqual([0, 3, 0]);
    expect(valueAt(fired, 1, 1)).toBe(0);
  });
});

describe("featureFacts(fired, feature)", () => {
  it("counts, ranks and bins what fires", () => {
    const {frequency, max, top, spread, histogram} = featureFacts(byFeature(shards, 3), 2);
    expect({frequency, max, top, spread}).toEqual({
      ...{frequency: 3, max: 4},
      ...{top: [3, 2, 1], spread: []}
    });
    // sixteenths of 4: 1 begins the fifth, 2 the ninth, 4 belongs to the last
    expect([...histogram.entries()].filter(([, n]) => n > 0)).toEqual([
      [4, 1],
      [8, 1],
      [15, 1]
    ]);
  });

  it("says of a feature that never fires that it is dead", () => {
    expect(featureFacts(byFeature(shards, 3), 1)).toMatchObject({frequency: 0, max: 0, top: []});
  });

  it("samples at even quantiles of those that are not among the largest", () => {
    const values = Float32Array.from({length: 100}, (_, i) => 100 - i);
    const fired = {
      starts: Uint32Array.of(0, 100),
      tokens: Uint32Array.from(values.keys()),
      values
    };
    expect(featureFacts(fired, 0).spread).toEqual([25, 35, 45, 55, 65, 75, 85, 95]);
  });
});

describe("largest(active, k)", () => {
  it("keeps the k largest of each token; of equal ones the first", () => {
    const {starts, features, values} = largest(
      {
        ...{batch: 1, tokens: 2, features: 9},
        starts: Uint32Array.of(0, 4, 5),
        indices: Uint32Array.of(0, 3, 5, 8, 4),
        values: Float32Array.of(1, 2, 1, 3, 7)
      },
      3
    );
    expect([...starts]).toEqual([0, 3, 4]);
    expect([...features]).toEqual([0, 3, 8, 4]);
    expect([...values]).toEqual([1, 2, 3, 7]);
  });
});

describe("labelMatches(corpus, fired)", () => {
  // 60 tokens of each half; label 0 is every third token, label 1 every second
  const tokens = 120;
  const labels = Array.from({length: tokens}, (_, t) => [
    ...(t % 3 === 0 ? [0] : []),
    ...(t % 2 === 0 ? [1] : [])
  ]);
  const starts = Uint32Array.from({length: tokens + 1}, (_, t) =>
    labels.slice(0, t).reduce((sum, list) => sum + list.length, 0)
  );
  const corpus = {
    ...{tokens: new Uint16Array(tokens), window: 60},
    documents: Uint32Array.from({length: tokens}, (_, t) => Number(t >= 60)),
    parts: ["train", "heldout"] as const,
    sources: ["", ""],
    labels: [
      {kind: "class", name: "third"},
      {kind: "class", name: "second"}
    ] as const,
    labelStarts: starts,
    labelIds: Uint16Array.from(labels.flat())
  };
  const firing = (at: readonly number[], value: (t: number) => number = () => 1) => ({
    starts: Uint32Array.of(0, at.length),
    tokens: Uint32Array.from(at),
    values: Float32Array.from(at, value)
  });
  const all = [...labels.keys()];

  it("finds the label that a feature is, on both halves", () => {
    const [match] = labelMatches(corpus, firing(all.filter((t) => t % 3 === 0)));
    expect(match).toEqual({label: 0, threshold: 0, precision: 1, recall: 1, f1: 1});
  });

  it("scores on the half that did not choose: a feature that keeps to one half tells nothing", () => {
    const [match] = labelMatches(corpus, firing(all.filter((t) => t % 3 === 0 && t < 60)));
    expect(match).toMatchObject({label: 0, f1: 0, recall: 0});
  });

  it("chooses a threshold where a feature fires weakly elsewhere", () => {
    const [match] = labelMatches(
      corpus,
      firing(all, (t) => (t % 2 === 0 ? 1 : 0.1))
    );
    expect(match).toEqual({label: 1, threshold: 0.25, precision: 1, recall: 1, f1: 1});
  });
});
