import {expect, it} from "vitest";
import {forward as forwardOnGpu} from "../../src/kernels/accumulate.js";
import {forward} from "../../src/kernels/accumulate.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

it("adds a multiple", () =>
  expect(forward({y: Float64Array.of(1, 2), x: Float64Array.of(10, -4)}, 0.5)).toEqual(
    Float64Array.of(6, 0)
  ));

it("says which x it needs", () =>
  expect(() => forwardOnGpu(noGpu, [{y: shaped(2, 3), x: shaped(6)}], 1)).toThrow(
    "accumulate: x must be [2, 3] to match y, got [6]"
  ));
