import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import {papers} from "../../src/papers/papers.js";
import {openPage, openSite, settled, speedKey} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const shown = (page: Page) => page.locator(".w-verdicts tbody tr");
const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);

describe("the index of papers", () => {
  const open = async (query = "", options = {}) => {
    const opened = await openPage(site.browser, `${site.url}papers/${query}`, options);
    await shown(opened.page).first().waitFor();
    await settled(opened.page);
    return opened;
  };

  it("has a row for each paper, a link to its page, and fits a phone", async () => {
    const {page, problems} = await open("", {viewport: {width: 400, height: 800}});
    expect(await shown(page).count()).toBe(papers.length);
    expect(await fits(page)).toBe(true);
    const links = await shown(page)
      .locator("td:first-child > a")
      .evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    const answers = await Promise.all(links.map((link) => page.request.get(link)));
    expect(answers.map((answer) => answer.status())).toEqual(links.map(() => 200));
    expect(problems).toEqual([]);
    await page.close();
  });

  it("is searched and filtered by keyboard, and keeps both in the address", async () => {
    const {page, problems} = await open();
    await page.getByRole("textbox", {name: "Search"}).focus();
    await page.keyboard.type("nuclear SVM");
    await expect.poll(() => shown(page).count()).toBe(1);
    const claim = shown(page).locator("small a").first();
    expect(await claim.innerText()).toContain("nuclear");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => new URL(page.url()).searchParams.get("state")).toBe("holds");
    expect(new URL(page.url()).searchParams.get("search")).toBe("nuclear SVM");
    const shared = await open(new URL(page.url()).search);
    expect(await shown(shared.page).allInnerTexts()).toEqual(await shown(page).allInnerTexts());
    await page.getByLabel("not yet run").check();
    await expect
      .poll(() => page.locator(".w-verdicts p").innerText())
      .toMatch(/^0 of \d+ shown\.$/);
    expect([...problems, ...shared.problems]).toEqual([]);

    await shared.page.locator(".w-verdicts small a").first().press("Enter");
    await shared.page.waitForURL(/#claim-/);
    const id = new URL(shared.page.url()).hash.slice(1);
    const row = shared.page.locator(`tr[id="${id}"]`);
    await row.waitFor();
    await expect
      .poll(() => row.evaluate((tr) => Math.abs(tr.getBoundingClientRect().top) < innerHeight), {
        timeout: 15_000
      })
      .toBe(true);
    await page.close();
    await shared.page.close();
  });

  it.each(["papers/", "papers/what-did-not-hold"])(
    "has its picture without JavaScript: /%s",
    async (path) => {
      const page = await site.browser.newPage({javaScriptEnabled: false});
      await page.goto(`${site.url}${path}`);
      const image = page.locator("#observablehq-main figure img");
      expect(await image.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(640);
      const source = (await image.getAttribute("src"))!;
      const svg = await page.request.get(new URL(source, page.url()).href);
      expect(await svg.text()).toMatch(/\d+ claims/);
      await page.close();
    }
  );
});

it("what did not hold is listed with the paper's number, and leads to the claim", async () => {
  const address = `${site.url}papers/what-did-not-hold`;
  const {page, problems} = await openPage(site.browser, address, {
    viewport: {width: 400, height: 800}
  });
  await shown(page).first().waitFor();
  const heads = await shown(page)
    .first()
    .locator("td")
    .evaluateAll((all) => all.map((td) => (td as HTMLElement).dataset.head));
  expect(heads).toEqual(["claim", "the paper", "stored", "must be", "control", "verdict"]);
  const href = (await shown(page).first().locator("a").first().getAttribute("href"))!;
  await page.goto(new URL(href, page.url()).href);
  await page.locator(`tr[id="${href.split("#")[1]}"]`).waitFor();
  expect(problems).toEqual([]);
  await page.close();
});

describe("heavy work", () => {
  const sweep = /^about .* here: [\d.]+ [MGT]FLOP, [\d.]+ [kM]B$/;

  it("is asked about on a slow device, and starts when the reader says so", async () => {
    const address = `${site.url}guide/find-the-part?backend=wasm`;
    const {page, problems} = await openPage(site.browser, address);
    // so slow that a sweep would take hours
    await page.evaluate((key) => sessionStorage.setItem(key, "1e5"), speedKey("house-1m on wasm"));
    await page.reload();
    await page.locator(".w-model button", {hasText: "Start"}).click();
    const line = page.locator(".w-problem").first();
    const start = line.getByRole("button", {name: "Start", exact: true});
    await start.waitFor({timeout: 60_000});
    expect((await line.locator("span").innerText()).trim()).toMatch(sweep);
    const figures = page.locator(".w-figure:not([hidden])");
    await settled(page, 1500);
    expect(await figures.count()).toBe(0);

    await start.click();
    await figures.first().waitFor({timeout: 60_000});
    expect(await start.count()).toBe(0);
    const heads = page.locator(".w-problem").getByRole("button", {name: "Start", exact: true});
    await heads.click();
    await figures.nth(3).waitFor({timeout: 60_000});
    expect(problems).toEqual([]);
    await page.close();
  });

  it("can be stopped once it goes on for long, and started again", async () => {
    const many = Array(30).fill("Mary and Tom went to the store.").join(" ");
    const [clean, corrupt] = ["Mary", "Tom"].map((name) => `${many} ${name} gave a book to`);
    const query = new URLSearchParams({backend: "wasm", clean, corrupt});
    const address = `${site.url}guide/find-the-part?${query}`;
    const {page, problems} = await openPage(site.browser, address);
    await page.locator(".w-model button", {hasText: "Start"}).click();
    const line = page.locator(".w-problem").first();
    const stop = line.getByRole("button", {name: "Stop"});
    await stop.waitFor({timeout: 90_000});
    expect(await line.locator("span").innerText()).toMatch(/^\d+ of [\d,]+ ?$/);
    await stop.click();
    const again = line.getByRole("button", {name: "Start again"});
    await again.waitFor();
    expect(await page.locator(".w-figure:not([hidden])").count()).toBe(0);
    await again.click();
    await stop.waitFor({timeout: 90_000});
    expect(problems).toEqual([]);
    await page.close();
  });

  it("of a paper says what it takes beside its button, and starts nothing", async () => {
    const address = `${site.url}papers/attention-as-svm`;
    const {page, problems} = await openPage(site.browser, address);
    const button = page.getByRole("button", {name: "Run it here"});
    await button.scrollIntoViewIfNeeded();
    const said = page.locator(".w-model span").last();
    await expect
      .poll(() => said.innerText(), {timeout: 20_000})
      .toMatch(/^(about \d+ (s|min)|less than a second) (here: \d.*FLOP|where it was stored)/);
    expect(await page.locator("td[data-head=here]").count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });
});
