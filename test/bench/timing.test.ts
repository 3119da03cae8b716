import {expect, it} from "vitest";
import {medianMs} from "../../bench/timing.js";

it("waits for each sample, and counts the time of one start", async () => {
  let starts = 0;
  let settled = 0;
  const ms = await medianMs({
    start: () => void starts++,
    async settle() {
      settled += 1;
      const until = performance.now() + 25;
      while (performance.now() < until) await Promise.resolve();
    }
  });
  expect(settled).toBe(25);
  expect(starts).toBe(25);
  expect(ms).toBeGreaterThanOrEqual(25);
});
