import {afterAll, beforeAll, expect, it} from "vitest";
import {openPage, openSite, seeInside, setPrompt, start} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const finding = ".w-figure:not([hidden]) figcaption";

it("says that the GPU was lost, and goes on with the same numbers", async () => {
  const {page} = await openPage(site.browser, `${site.url}${seeInside}?backend=wgsl`);
  await start(page);
  const before = await page.locator(finding).first().innerText();
  const session = await site.browser.newBrowserCDPSession();
  await session.send("Browser.crashGpuProcess" as "Browser.close");
  const said = page.getByText("The GPU was lost and started again").first();
  for (let words = 1; words < 20 && !(await said.isVisible()); words++) {
    await setPrompt(page, "once upon a time ".repeat(words));
    await said.waitFor({timeout: 3000}).catch(() => {});
  }
  expect(await said.isVisible()).toBe(true);
  const shows = (equal: boolean) =>
    page.waitForFunction(
      ([selector, text, wanted]) =>
        ((document.querySelector(selector) as HTMLElement).innerText === text) === wanted,
      [finding, before, equal] as const,
      {timeout: 60_000}
    );
  await shows(false);
  await setPrompt(page, "The war lasted from 1743 to 17");
  await shows(true);
  await page.close();
}, 180_000);
