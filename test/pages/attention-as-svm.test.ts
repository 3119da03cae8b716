import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import {openPage, openSite, settled} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const address = () => `${site.url}papers/attention-as-svm`;
const finding = (page: Page, form: RegExp) => page.locator(".w-figure strong", {hasText: form});
const curves = (page: Page) => page.locator(".w-plane svg .mark-line path").first();
const inAddress = (page: Page, key: string) => new URL(page.url()).searchParams.get(key);

async function opened(address: string) {
  const {page, problems} = await openPage(site.browser, address);
  await finding(page, /^From 16 starts/).waitFor({timeout: 60_000});
  await finding(page, /^After \d+ steps the/).waitFor({timeout: 60_000});
  await settled(page);
  return {page, problems};
}

describe("the page of attention as a support vector machine", () => {
  it("bends the curves as a token is moved, by keyboard and by pointer, and keeps it in the address", async () => {
    const {page, problems} = await opened(address());
    const first = await curves(page).getAttribute("d");
    const handle = page.getByRole("button", {name: /^Token 3 of the blue sequence/});
    await handle.focus();
    for (let i = 0; i < 12; i++) await page.keyboard.press("ArrowUp");
    await expect.poll(() => curves(page).getAttribute("d")).not.toBe(first);
    await expect.poll(() => inAddress(page, "tokens")).toContain("[0.94,0.11]");
    await settled(page);
    const second = await curves(page).getAttribute("d");

    const {x, y, width, height} = (await handle.boundingBox())!;
    const [fromX, fromY] = [x + width / 2, y + height / 2];
    await page.mouse.move(fromX, fromY);
    await page.mouse.down();
    await page.mouse.move(fromX - 90, fromY + 40, {steps: 6});
    await page.mouse.up();
    await expect.poll(() => curves(page).getAttribute("d")).not.toBe(second);
    await settled(page);
    const {x: toX, y: toY} = (await handle.boundingBox())!;
    expect(Math.abs(toX - (x - 90))).toBeLessThan(3);
    expect(Math.abs(toY - (y + 40))).toBeLessThan(3);

    const shared = await opened(page.url());
    expect(await curves(shared.page).getAttribute("d")).toBe(await curves(page).getAttribute("d"));
    expect([...problems, ...shared.problems]).toEqual([]);
    await page.close();
    await shared.page.close();
  });

  it("says which SVM is nearer for W, and for K and Q", async () => {
    const {page, problems} = await opened(address());
    await finding(page, /the Frobenius SVM is the nearer one/).waitFor();
    await page.getByRole("radio", {name: "K and Q"}).check();
    await finding(page, /the nuclear SVM is the nearer one/).waitFor({timeout: 30_000});
    expect(inAddress(page, "trained")).toBe("K and Q");
    expect(problems).toEqual([]);
    await page.close();
  });

  it("shows every stored verdict, and the reader's own beside it", async () => {
    const {page, problems} = await opened(address());
    const rows = page.locator(".w-verdicts tbody tr");
    expect(await rows.count()).toBe(12);
    expect(await rows.locator("td[data-head=stored]").first().innerText()).toMatch(/^0\.99\d$/);
    expect(await rows.locator("td[data-head=here]").count()).toBe(0);
    await page.getByRole("button", {name: /^Run it here/}).click();
    // of a run that takes a second or two nobody sees the middle for sure
    await expect
      .poll(() => page.locator(".w-verdicts p").first().innerText(), {timeout: 120_000})
      .toBe("Here 12 of 12 verdicts as stored.");
    const here = rows.locator("td[data-head=here]");
    expect(await here.count()).toBe(12);
    expect(await here.first().innerText()).toMatch(/^0\.99\d$/);
    await page.getByRole("button", {name: /^Run it here/}).waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });
});
