import {expect, it} from "vitest";
import {forward} from "../../src/kernels/add.cpu.js";

it("adds element by element", () =>
  expect(forward({a: Float64Array.of(1, 2), b: Float64Array.of(10, -2)})).toEqual(
    Float64Array.of(11, 0)
  ));
