import {afterAll, beforeAll, expect, it} from "vitest";
import {openPage, openSite} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

it("shows which features of a dictionary fire, of the site's and of a folder, and writes with one pushed", async () => {
  const address = `${site.url}guide/own-models?backend=wasm&prompt=${encodeURIComponent("Tom and Mary went home")}`;
  const {page} = await openPage(site.browser, address);
  const rows = page.locator("table tbody tr", {hasText: /mlp\dtc\[\d+\]/});
  await rows.first().waitFor({timeout: 90_000});
  const picker = page.locator(".w-picker", {hasText: "Dictionaries"});
  expect(await picker.getByRole("status").textContent()).toBe("house-3m/mlp*tc");
  await picker.locator("input[type=file]").setInputFiles("docs/guide");
  await expect
    .poll(() => picker.getByRole("alert").textContent())
    .toMatch(/^drop: must hold cfg\.json with/);
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);
  await page.close();
}, 120_000);
