import {expect, it} from "vitest";
import {forward} from "../../src/kernels/accumulate.cpu.js";

it("adds a multiple", () =>
  expect(forward({y: Float64Array.of(1, 2), x: Float64Array.of(10, -4)}, 0.5)).toEqual(
    Float64Array.of(6, 0)
  ));
