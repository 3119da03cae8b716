import {expect, test} from "vitest";
import {kept} from "../../src/papers/kept.js";

test("what was made of the same arguments is made once, and of others anew", () => {
  let calls = 0;
  const sum = kept((a: number, b: number) => {
    calls += 1;
    return a + b;
  });
  expect([sum(1, 0), sum(1, 0), sum(1, 2), sum(1, 2), sum(2, 0)]).toEqual([1, 1, 3, 3, 2]);
  expect(calls).toBe(3);
});
