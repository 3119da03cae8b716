import {expect, it} from "vitest";
import {forward} from "../../src/kernels/argmax.cpu.js";
import * as kernel from "../../src/kernels/argmax.js";
import {noGpu, shaped} from "../support/upload.js";

it("finds the first of the largest", () =>
  expect([...forward({x: [1, 3, 3, -5, -7, -4], columns: 3})]).toEqual([1, 2]));

it("refuses empty rows", () =>
  expect(() => kernel.forward(noGpu, {x: shaped(2, 0)})).toThrow(
    "argmax: x must have a value in each row, got rows of 0"
  ));
