import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import {openPage, openSite, settled} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const handle = (page: Page, number: number) =>
  page.getByRole("button", {name: new RegExp(`^option ${number},`)});
const values = (page: Page) =>
  page
    .getByRole("group", {name: /^Options/})
    .getByRole("textbox")
    .evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value));
const inAddress = (page: Page) =>
  new URL(page.url()).searchParams.get("options-of-letters")?.split("\n");

describe("the page of set-based prompting", () => {
  it("puts options in another order by mouse and by keyboard, and asks its orders in SQL", async () => {
    const {page, problems} = await openPage(site.browser, `${site.url}papers/set-based-prompting`);
    await page.locator(".w-model button").first().click();
    const answers = page.locator("td", {hasText: /^edited$/});
    await answers.waitFor({timeout: 60_000});
    await settled(page);
    const [a, b, c, d] = await values(page);

    await handle(page, 1).focus();
    await page.keyboard.press("ArrowDown");
    expect(await values(page)).toEqual([b, a, c, d]);
    await page.keyboard.press("ArrowDown");
    expect(await values(page)).toEqual([b, c, a, d]);
    await page.keyboard.press("ArrowUp");
    await expect.poll(() => inAddress(page)).toEqual([b, a, c, d]);

    const from = (await handle(page, 4).boundingBox())!;
    const to = (await handle(page, 1).boundingBox())!;
    await page.mouse.move(from.x + 5, from.y + 5);
    await page.mouse.down();
    await page.mouse.move(to.x + 5, to.y + 5, {steps: 4});
    await page.mouse.up();
    expect(await values(page)).toEqual([d, b, a, c]);
    await expect.poll(() => inAddress(page)).toEqual([d, b, a, c]);

    await page.getByRole("button", {name: "take option 2 away"}).click();
    expect(await values(page)).toEqual([d, a, c]);
    await settled(page);
    await answers.waitFor({timeout: 60_000});
    expect(problems).toEqual([]);
    await page.close();
  });
});
