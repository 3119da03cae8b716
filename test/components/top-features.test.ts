import {expect, it} from "vitest";
import {topFeatures} from "../../src/components/top-features.js";
import {Run} from "../../src/model/run.js";

const active = (starts: number[], indices: number[], values: number[]) => ({
  ...{batch: 1, tokens: 2, features: 9},
  starts: Uint32Array.from(starts),
  indices: Uint32Array.from(indices),
  values: Float32Array.from(values)
});
const run = new Run({
  prompt: "ab",
  tokens: ["a", "b"].map((text, id) => ({id, text})),
  ...{predictions: [], lens: [], activations: new Map(), milliseconds: 0},
  features: new Map([
    ["mlp0tc", active([0, 1, 3], [4, 2, 7], [9, 1, 3])],
    ["mlp1tc", active([0, 0, 1], [5], [2])]
  ])
});

it("ranks what fires at a token over all dictionaries", () => {
  const last = [
    {feature: "mlp0tc[7]", value: 3},
    {feature: "mlp1tc[5]", value: 2},
    {feature: "mlp0tc[2]", value: 1}
  ];
  expect(topFeatures(run, -1)).toEqual(last);
  expect(topFeatures(run, 1, 2)).toEqual(last.slice(0, 2));
  expect(topFeatures(run, 0)).toEqual([{feature: "mlp0tc[4]", value: 9}]);
});
