import {expect, test} from "vitest";
import {moved} from "../../src/components/moved.js";

test.each([
  [0, 2, "bcad"],
  [2, 0, "cabd"],
  [1, 1, "abcd"],
  [3, 2, "abdc"]
])("what stood at %d stands at %d, the rest in its order", (from, to, expected) => {
  expect(moved([..."abcd"], from, to).join("")).toBe(expected);
});
