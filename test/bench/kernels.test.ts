import {expect, it} from "vitest";
import {benchKernels} from "../../bench/kernels.js";

it("refuses a shape that is not one of the suite's, before it opens a browser", () =>
  expect(benchKernels(["256", "7"])).rejects.toThrow(
    "bench: shape must be one of 256, 512, 1024, 768x3072, got 7"
  ));
