import {afterAll, beforeAll, expect, it} from "vitest";
import {overflow, seriousFindings} from "./support/axe.js";
import {openPage, openSite} from "./support/live-page.js";

const path = "guide/features";
const megabyte = 2 ** 20;

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const open = async (query = "", options = {}) => {
  const {page, problems} = await openPage(site.browser, `${site.url}${path}${query}`, options);
  await page.locator(".w-feature h3").waitFor();
  return {page, problems};
};

it("opens the feature that the address names, and finds others by label, token and text", async () => {
  const {page, problems} = await open("?feature=mlp5tc[17]&find=day%3DTuesday");
  expect(await page.locator(".w-feature h3").textContent()).toBe("mlp5tc[17]");
  const rows = page.locator(".w-features [role=radio]");
  await rows.first().waitFor();
  expect(await rows.first().textContent()).toContain("day=Tuesday");
  await page.getByLabel("text", {exact: true}).check();
  await page.locator("input[type=text]").first().fill("lasted from");
  await page.waitForFunction(
    () => !document.querySelector(".w-features")?.textContent?.includes("day=Tuesday")
  );
  await rows.first().waitFor();
  await rows.first().click();
  const name = (await rows.first().getAttribute("data-feature"))!;
  await expect.poll(() => page.locator(".w-feature h3").textContent()).toBe(name);
  await page.keyboard.press("ArrowDown");
  const next = (await rows.nth(1).getAttribute("data-feature"))!;
  await expect.poll(() => page.locator(".w-feature h3").textContent()).toBe(next);
  expect(new URL(page.url()).searchParams.get("feature")).toBe(next);
  expect(problems).toEqual([]);
  await page.close();
});

it("keeps a note on a feature in the browser, and exports it", async () => {
  const {page} = await open("?feature=mlp0tc[980]");
  await page.getByLabel("Your note on mlp0tc[980]").fill("Tuesdays");
  await page.reload();
  await page.locator(".w-feature h3").waitFor();
  await expect
    .poll(() => page.getByLabel("Your note on mlp0tc[980]").inputValue())
    .toBe("Tuesdays");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: "Export notes"}).click()
  ]);
  expect(download.suggestedFilename()).toBe("feature-notes.json");
  await page.close();
});

it("stays within a phone's width and accessible, light and dark", async () => {
  for (const colorScheme of ["light", "dark"] as const) {
    const {page} = await open("", {viewport: {width: 400, height: 800}, colorScheme});
    await page.locator(".w-features [role=radio]").first().waitFor();
    expect(await overflow(page)).toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  }
});

it("50 features opened in a row leave memory flat", async () => {
  const {page, problems} = await open();
  await page.locator(".w-features [role=radio]").first().waitFor();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.enable");
  const openMany = (from: number) =>
    page.evaluate(async (from) => {
      const list = document.querySelector(".w-features") as HTMLElement & {value: string};
      for (let i = 0; i < 50; i++) {
        list.value = `mlp${i % 6}tc[${(from + 61 * i) % 3072}]`;
        list.dispatchEvent(new Event("input", {bubbles: true}));
        await new Promise((resolve) => setTimeout(resolve, 60));
      }
    }, from);
  const measure = async () => {
    await page.waitForTimeout(1000);
    for (let i = 0; i < 3; i++) {
      await devtools.send("HeapProfiler.collectGarbage");
      await page.waitForTimeout(300);
    }
    const {usedSize} = await devtools.send("Runtime.getHeapUsage");
    const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
    return {heap: usedSize, nodes};
  };
  await openMany(0);
  const before = await measure();
  await openMany(17);
  const after = await measure();
  console.log(
    `heap ${before.heap / megabyte} → ${after.heap / megabyte} MiB, ${before.nodes} → ${after.nodes} elements`
  );
  expect(after.heap - before.heap).toBeLessThan(2 * megabyte);
  expect(Math.abs(after.nodes - before.nodes)).toBeLessThan(400);
  expect(problems).toEqual([]);
  await page.close();
}, 120_000);
