import {expect, it} from "vitest";
import {forward} from "../../src/kernels/log-softmax.cpu.js";

it("takes the logarithm of a softmax worked by hand", () =>
  expect([...forward({x: Float64Array.of(0, Math.log(3), 1000, 1000)}, 2)]).toEqual([
    expect.closeTo(-Math.log(4), 14),
    expect.closeTo(Math.log(3) - Math.log(4), 14),
    expect.closeTo(-Math.log(2), 14),
    expect.closeTo(-Math.log(2), 14)
  ]));
