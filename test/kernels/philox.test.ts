import {describe, expect, it} from "vitest";
import {type Counter, type Key, keyOf, philox, unitInterval} from "../../src/kernels/philox.js";

// The known answers that Random123 publishes for philox4x32 with 10 rounds.
const answers: readonly [Counter, Key, string][] = [
  [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    "408f276d 41c83b0e a20bc7c6 6d5451fd"
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    "d16cfe09 94fdcceb 5001e420 24126ea1"
  ]
];

describe("philox(counter, key)", () => {
  it.each(answers)("of %s and %s", (counter, key, answer) =>
    expect(
      philox(counter, key)
        .map((word) => word.toString(16).padStart(8, "0"))
        .join(" ")
    ).toBe(answer)
  );
});

describe("keyOf(seed)", () => {
  it("keeps all 53 bits", () => {
    expect(keyOf(5)).toEqual([5, 0]);
    expect(keyOf(2 ** 53 - 1)).toEqual([0xffffffff, 0x1fffff]);
  });
});

describe("unitInterval(word)", () => {
  it("stays within 0 and 1, exactly in float32", () => {
    for (const word of [0, 1, 0x80000000, 0xffffffff]) {
      expect(unitInterval(word)).toBeGreaterThan(0);
      expect(unitInterval(word)).toBeLessThan(1);
      expect(Math.fround(unitInterval(word))).toBe(unitInterval(word));
    }
  });
});
