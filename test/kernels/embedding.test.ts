import {expect, it} from "vitest";
import {forward} from "../../src/kernels/embedding.cpu.js";

it("takes the row of each token", () =>
  expect(forward({table: Float64Array.of(1, 2, 3, 4, 5, 6), tokens: [2, 0, 2], width: 2})).toEqual(
    Float64Array.of(5, 6, 1, 2, 5, 6)
  ));
