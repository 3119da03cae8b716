import {expect, it} from "vitest";
import {forward} from "../../src/kernels/global-norm.cpu.js";

it("is the length of all tensors as one vector", () => {
  expect(forward([Float64Array.of(1, -2), Float64Array.of(), Float64Array.of(2)])).toBe(3);
  expect(forward([])).toBe(0);
});
