import {describe, expect, it} from "vitest";
import {forward} from "../../src/kernels/softmax.cpu.js";

describe("softmax", () => {
  it("weighs a row worked by hand", () =>
    expect([...forward({x: Float64Array.of(0, Math.log(3), 1000, 1000)}, 2)]).toEqual([
      expect.closeTo(0.25, 14),
      expect.closeTo(0.75, 14),
      0.5,
      0.5
    ]));

  it("gives a masked entry no weight, alone or in a row that is masked as a whole", () =>
    expect([...forward({x: Float64Array.of(-1e30, 5, -1e30, -1e30)}, 2)]).toEqual([0, 1, 0, 0]));
});
