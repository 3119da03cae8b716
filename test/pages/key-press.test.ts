import {afterAll, beforeAll, expect, it} from "vitest";
import {quantile, timeKeyPresses} from "../../bench/key-press.js";
import {openPage, openSite, seeInside, start} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const prompt = "The war lasted from 1743 to 1758, and the peace from 17";

// Other work on a test machine moves the p95, which `bench --suite page` bounds. An emulated GPU is only printed.
it.each([
  ["wasm", 30, 1000],
  ["wgsl", 5, Infinity]
] as const)("a key press moves the chart soon on %s", async (backend, presses, bound) => {
  const {page, problems} = await openPage(
    site.browser,
    `${site.url}${seeInside}?backend=${backend}`
  );
  await start(page);
  const times = await timeKeyPresses(page, prompt, presses);
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)].map((ms) => ms.toFixed(0));
  const bar = await page.locator(".w-model").innerText();
  console.log(
    `key press → chart on ${backend}: p50 ${p50} ms, p95 ${p95} ms (${bar.replaceAll("\n", " ")})`
  );
  expect(quantile(times, 0.5)).toBeLessThan(bound);
  expect(problems).toEqual([]);
  await page.close();
});
