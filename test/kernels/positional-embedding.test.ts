import {expect, it} from "vitest";
import {backward, forward} from "../../src/kernels/positional-embedding.cpu.js";
import * as kernel from "../../src/kernels/positional-embedding.js";
import {inner, misses} from "../support/differences.js";
import {seeded} from "../support/numbers.js";
import {noGpu, shaped} from "../support/upload.js";

it("takes rows from start on, for each of the batch", () =>
  expect(
    forward({table: Float64Array.of(1, 2, 3, 4, 5, 6), width: 2}, {batch: 2, tokens: 2, start: 1})
  ).toEqual(Float64Array.of(3, 4, 5, 6, 3, 4, 5, 6)));

it("refuses a span that ends past the table", () =>
  expect(() =>
    kernel.forward(noGpu, {table: shaped(8, 4)}, {batch: 1, tokens: 2, start: 7})
  ).toThrow(
    "positional-embedding: start + tokens must be at most 8, the rows of table, got 7 + 2"
  ));

const span = {batch: 2, tokens: 2, start: 1};

it("sums what comes back over the batch, and leaves rows outside the span zero", () =>
  expect(
    backward({dy: Float64Array.of(1, 2, 3, 4, 10, 20, 30, 40), width: 2}, {...span, context: 4})
  ).toEqual(Float64Array.of(0, 0, 11, 22, 33, 44, 0, 0)));

it("has the gradient that finite differences find", () => {
  const [table, dy] = [seeded(1)(12), seeded(2)(12)];
  const dtable = backward({dy, width: 3}, {...span, context: 4});
  expect(misses(dtable, table, (table) => inner(forward({table, width: 3}, span), dy))).toBeNull();
});

it("refuses the gradient of a span that ends past the table", () =>
  expect(() => kernel.backward(noGpu, {dy: shaped(1, 2, 4)}, {context: 8, start: 7})).toThrow(
    "positional-embedding: start + tokens must be at most 8, the rows of table, got 7 + 2"
  ));
