import {expect, it} from "vitest";
import {forward as forwardOnGpu} from "../../src/kernels/multiply.js";
import {forward} from "../../src/kernels/multiply.cpu.js";
import {noGpu, shaped} from "../support/upload.js";

it("multiplies each row by the gain", () =>
  expect(forward({x: Float64Array.of(1, 2, 3, 4), gain: Float64Array.of(10, -1)})).toEqual(
    Float64Array.of(10, -2, 30, -4)
  ));

it("says which gain it needs", () =>
  expect(() => forwardOnGpu(noGpu, {x: shaped(2, 3), gain: shaped(3, 1)})).toThrow(
    "multiply: gain must be [3] to match the last axis of x, got [3, 1]"
  ));
