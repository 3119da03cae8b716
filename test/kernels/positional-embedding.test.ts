import {expect, it} from "vitest";
import {forward} from "../../src/kernels/positional-embedding.cpu.js";
import * as kernel from "../../src/kernels/positional-embedding.js";
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
