import {createHash} from "node:crypto";
import {readFileSync} from "node:fs";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import type {DataManifest} from "../../src/site/data.js";
import {
  openPage,
  openSite,
  promptBox,
  seeInside,
  setPrompt,
  settled,
  start
} from "./support/live-page.js";

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const problem = (page: Page) => page.locator(".w-problem").first();
const findings = (page: Page) => page.locator(".w-figure:not([hidden]) strong").allInnerTexts();

describe("a prompt that cannot be run", () => {
  it.each([
    ["is empty", "", /^prompt: must be at least one character, got an empty text \(""\)$/],
    [
      "is longer than the context",
      "one two three ".repeat(200),
      /^prompt: must be at most 256 tokens, the context of this model, got \d+$/
    ]
  ])("%s: one sentence beside it, and the figures stay", async (_, prompt, sentence) => {
    const {page, problems} = await openPage(site.browser, site.url + seeInside);
    await start(page);
    await page.locator(".w-figure:not([hidden])").nth(5).waitFor();
    await settled(page);
    const before = await findings(page);
    await setPrompt(page, prompt);
    await expect.poll(() => problem(page).innerText(), {timeout: 10_000}).toMatch(sentence);
    await settled(page);
    expect(await findings(page)).toEqual(before);
    expect(await page.locator(".observablehq--error").count()).toBe(0);
    await setPrompt(page, "The war lasted");
    await expect.poll(() => problem(page).innerText(), {timeout: 10_000}).toBe("");
    expect(problems).toEqual([]);
    await page.close();
  });
});

it.each([
  ["empty", "", /^prompt: must be at least one character/],
  ["too long", "one two three ".repeat(200), /^prompt: must be at most 256 tokens/]
])("a first prompt that is %s: one sentence, and the cells wait for the next", async (_, ...of) => {
  const [prompt, sentence] = of;
  const address = `${site.url}${seeInside}?prompt=${encodeURIComponent(prompt)}`;
  const {page, problems} = await openPage(site.browser, address);
  await promptBox(page).click();
  await expect.poll(() => problem(page).innerText(), {timeout: 30_000}).toMatch(sentence);
  await settled(page);
  expect(await findings(page)).toEqual([]);
  expect(await page.locator("#stored-next figcaption").innerText()).toMatch(/not for the prompt/);
  await setPrompt(page, "The war lasted");
  await page.locator(".w-figure:not([hidden])").nth(5).waitFor();
  expect(await problem(page).innerText()).toBe("");
  expect(await page.locator(".observablehq--error").count()).toBe(0);
  expect(problems).toEqual([]);
  await page.close();
});

it("an answer that is no token: one sentence, and the figures of the last good one stand back", async () => {
  const {page, problems} = await openPage(
    site.browser,
    `${site.url}guide/find-the-part?backend=wasm`
  );
  await page.locator(".w-model button", {hasText: "Start"}).click();
  const figures = page.locator(".w-figure:not([hidden])");
  await figures.nth(3).waitFor({timeout: 90_000});
  await settled(page, 1500);
  const before = await findings(page);
  expect(before).toHaveLength(4);
  const field = page.getByLabel("Answer", {exact: true});
  const refused = page.locator(".w-refused");
  await field.fill(" Tomato juice");
  await refused.waitFor();
  await settled(page, 1500);
  expect(await refused.innerText()).toMatch(/^patchEach: answer must be one token.*got \d: " T/);
  expect(await page.locator(".observablehq--error").count()).toBe(0);
  expect(await findings(page)).toEqual(before);
  const opacities = () =>
    figures.evaluateAll((all) => all.map((one) => getComputedStyle(one).opacity));
  expect(await opacities()).toEqual(Array(4).fill("0.4"));
  expect(await page.locator("#stored-patch").isHidden()).toBe(true);
  await page.locator(".w-selection select").first().selectOption("1");
  await page.locator(".w-figure strong", {hasText: "of block 1 looks most"}).waitFor();

  await page.getByLabel("Away from").fill("");
  await expect.poll(() => refused.count(), {timeout: 10_000}).toBe(2);
  expect(await refused.last().innerText()).toMatch(/^prompt: must be at least one character/);
  await page.getByLabel("Away from").fill("Monday,");
  await expect.poll(() => refused.count(), {timeout: 10_000}).toBe(1);

  await field.fill(" Mary");
  await page.getByLabel("Wrong answer").fill(" Tom");
  await expect.poll(() => refused.count(), {timeout: 10_000}).toBe(0);
  await settled(page, 1500);
  expect(await opacities()).toEqual(Array(4).fill("1"));
  expect(await findings(page)).not.toEqual(before);
  expect(problems).toEqual([]);
  await page.close();
});

const manifest = () =>
  (JSON.parse(readFileSync("dist/data/manifest.json", "utf8")) as DataManifest).models["house-1m"]
    .files;

/** Serves other weights than the site's; `told` also makes the manifest agree with them. */
async function openWith(weights: Buffer, told: boolean) {
  const files = manifest();
  const {url} = files["model.safetensors"];
  const context = await site.browser.newContext();
  await context.route(`**/${url}`, (route) => route.fulfill({body: weights}));
  if (told)
    await context.route("**/data/manifest.json", (route) => {
      const sha256 = createHash("sha256").update(weights).digest("hex");
      const told = {
        "config.json": files["config.json"],
        "tokenizer.json": files["tokenizer.json"],
        "model.safetensors": {url, bytes: weights.length, sha256}
      };
      return route.fulfill({json: {models: {"house-1m": {files: told}}}});
    });
  const page = await context.newPage();
  await page.goto(site.url + seeInside);
  await promptBox(page).click();
  return page;
}

const weights = () => readFileSync(`dist/${manifest()["model.safetensors"].url}`);

/** The weights with one number, 16 bits wide, made NaN. */
function withNan(): Buffer {
  const bytes = Buffer.from(weights());
  bytes.writeUInt16LE(0x7e00, bytes.length - 2);
  return bytes;
}

describe("weights that are not good", () => {
  it.each([
    [
      "are cut off",
      () => weights().subarray(0, 1000),
      false,
      /model\.safetensors: must be \d+ bytes/
    ],
    ["differ from those published", withNan, false, /model\.safetensors: sha256 must be/],
    ["are cut off where they were published", () => weights().subarray(0, 9999), true, /must|ends/],
    ["hold a NaN", withNan, true, /NaN/]
  ])("%s: one sentence, and a way to try again", async (_, make, told, sentence) => {
    const page = await openWith(make(), told);
    const text = page.locator(".w-model > span");
    await page.locator(".w-model button", {hasText: "Try again"}).waitFor({timeout: 30_000});
    const said = await text.innerText();
    expect(said).toMatch(sentence);
    expect(said.length).toBeLessThan(300);
    expect(said).not.toContain("\n");
    await page.context().close();
  });
});
