import {describe, expect, it} from "vitest";
import {within} from "../../src/components/position.js";

describe("within(length, index)", () => {
  it.each([
    [3, 0, 0],
    [3, 2, 2],
    [3, -1, 2],
    [3, -3, 0],
    [3, 500, 2],
    [3, -500, 0],
    [3, NaN, 2],
    [3, 0.5, 2],
    [1, 7, 0]
  ])("of %i things takes %d as %i", (length, index, at) => {
    expect(within(length, index)).toBe(at);
  });
});
