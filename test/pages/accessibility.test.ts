import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import {sitePages, withPage} from "../../src/site/open.js";
import {overflow, seriousFindings, unreachable} from "./support/axe.js";
import {openPage, openSite, seeInside, settled} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const themes = ["light", "dark"] as const;
const widths = [1200, 400];
/** A window of 1280 pixels at 200 % zoom. */
const zoomed = 640;

/** What is wrong with a page at every width and in both themes, and the controls that Tab misses. */
async function findingsOf(page: Page): Promise<string[]> {
  const findings: string[] = [];
  for (const width of [...widths, zoomed]) {
    await page.setViewportSize({width, height: 800});
    const over = await overflow(page);
    if (over > 0) findings.push(`${width} px: ${over} px too wide`);
    for (const colorScheme of width === zoomed ? [] : themes) {
      await page.emulateMedia({colorScheme});
      const found = await seriousFindings(page);
      findings.push(...found.map((line) => `${width} px, ${colorScheme}: ${line}`));
    }
  }
  await page.setViewportSize({width: widths[0], height: 800});
  const missed = await unreachable(page);
  return [...findings, ...missed.map((html) => `not reached by Tab: ${html}`)];
}

describe("no serious finding of axe, nothing lost on a narrow screen, every control reached by Tab", () => {
  it.each(sitePages("dist"))("/%s", async (path) => {
    const findings: string[] = [];
    await withPage(site.browser, site.url, path, async (page) => {
      findings.push(...(await findingsOf(page)));
    });
    expect(findings).toEqual([]);
  });

  const live = [seeInside, "guide/find-the-part", "guide/own-data"];
  it.each(live)("the live figures of /%s, their tables and files open", async (path) => {
    const {page, problems} = await openPage(site.browser, `${site.url}${path}?backend=wasm`);
    await page.locator(".w-model button", {hasText: "Start"}).click();
    await page.locator(".w-figure:not([hidden]) .w-chart svg").first().waitFor({timeout: 90_000});
    await settled(page, 2500);
    for (const summary of await page.locator(".w-behind summary:visible").all())
      await summary.click();
    await settled(page);
    expect(await page.locator(".w-rows tr:visible").count()).toBeGreaterThan(3);
    expect(await findingsOf(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });
});
