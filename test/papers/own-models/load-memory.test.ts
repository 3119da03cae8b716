import {expect, it} from "vitest";
import {loadMemory} from "../../../src/papers/own-models/load-memory.js";
import type {Row} from "../../../src/papers/claim.js";
import {unmet} from "../../support/claims.js";

it("counts what a load holds at once, between its weights and a sixth more, and its largest binding", async () => {
  const rows: Row[] = [];
  for await (const row of loadMemory("own-models", {seed: 0})) rows.push(row);
  expect(unmet(rows)).toEqual([]);
  const [memory, binding] = rows;
  expect(memory.value).toBeGreaterThan(1);
  expect(memory.value).toBeLessThan(7 / 6);
  expect(memory.control.value).toBeGreaterThan(2);
  expect(binding.value).toBe(43688 * 768 * 4);
  expect(binding.control.value).toBe(50257 * 768 * 4);
}, 60_000);
