import {expect, it} from "vitest";
import {median, time} from "../../bench/timing.js";

it("takes five warm-ups and twenty samples of one slow start each", async () => {
  let starts = 0;
  let settled = 0;
  const {ms, samples} = await time({
    start: () => void starts++,
    async settle() {
      settled += 1;
      const until = performance.now() + 25;
      while (performance.now() < until) await Promise.resolve();
    }
  });
  expect(samples).toBe(20);
  expect(settled).toBe(25);
  expect(starts).toBe(25);
  expect(ms).toBeGreaterThanOrEqual(25);
});

it("repeats fast work within a sample", async () => {
  let starts = 0;
  await time({start: () => void starts++, settle: () => Promise.resolve()});
  expect(starts).toBe(5 + 20 * 50);
});

it("takes the middle, or the mean of the two middle ones", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
