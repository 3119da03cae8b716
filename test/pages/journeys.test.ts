import {mkdtempSync, rmSync} from "node:fs";
import {loadavg, tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {quantile, timeKeyPresses} from "../../bench/key-press.js";
import {openLanguageModel} from "../../src/cli/model.js";
import type {Locator, Page} from "../../src/site/chromium.js";
import {openPage, openSite, seeInside, setPrompt, settled, start} from "./support/live-page.js";
import {writeRandomGpt2} from "./support/random-model.js";

// The editor's first journey, from a clone to a changed cell, is in editing.test.ts and
// test/site/readme.test.ts; the deployer's in test/site/pages/new-project.test.ts.

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const phone = {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true};

/** Prints how long a journey took beside what it should take; other work on a machine moves it. */
function report(journey: string, milliseconds: number, target: string): void {
  const [seconds, load] = [(milliseconds / 1000).toFixed(2), loadavg()[0].toFixed(1)];
  console.log(`${journey}: ${seconds} s (target ${target}; load ${load})`);
}

describe.each([false, true])("a reader on a phone without WebGPU, JavaScript: %s", (javascript) => {
  it.each(["", "papers/forward-pass"])("sees question and stored finding of /%s", async (path) => {
    const context = await site.browser.newContext({...phone, javaScriptEnabled: javascript});
    await context.addInitScript(() => Object.defineProperty(navigator, "gpu", {value: undefined}));
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(site.url + path, {waitUntil: "commit"});
    const picture = page.locator("main figure img").first();
    await picture.waitFor();
    const loaded = await picture.evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      return {source: image.src, width: image.naturalWidth};
    });
    report(
      `phone, no WebGPU, JavaScript ${javascript ? "on" : "off"}, /${path}`,
      performance.now() - began,
      "1 s"
    );
    expect(await page.locator("main h1").innerText()).toMatch(/\w{3}/);
    expect(loaded.width).toBeGreaterThan(100);
    const {y} = (await picture.boundingBox())!;
    expect(y, "the figure begins on the first screen").toBeLessThan(phone.viewport.height);
    const svg = await (await fetch(loaded.source)).text();
    const words = svg.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ");
    expect(words, "the picture says what it found, with a number").toMatch(
      /After “.+” the model bets [\d.]+% on|\d+ of \d+ claims hold/
    );
    await context.close();
  });
});

it("a reader changes the prompt, and numbers and chart follow", async () => {
  const {page, problems} = await openPage(site.browser, `${site.url}${seeInside}?backend=wasm`);
  await start(page);
  await settled(page);
  const times = await timeKeyPresses(page, "The peace lasted from 1610 to 16", 10);
  report(
    "prompt → chart on a CPU, p95 of 10",
    quantile(times, 0.95),
    "1 s on a CPU, 0.1 s on a GPU"
  );
  const figure = page.locator(".w-figure:not([hidden])").first();
  const shown = async () => ({
    finding: await figure.locator("strong").innerText(),
    chart: await figure.locator(".w-chart svg").innerHTML(),
    last: (await page.locator(".w-tokens button").last().getAttribute("aria-label"))!.split(",")[0]
  });
  await settled(page);
  const before = await shown();
  await setPrompt(page, "Anna put the ball in the box");
  await settled(page, 1500);
  const after = await shown();
  expect(before.finding).toContain(`After “${before.last}” the model bets`);
  expect(after.finding).toContain(`After “${after.last}” the model bets`);
  expect(after.last).not.toBe(before.last);
  expect(after.chart).not.toBe(before.chart);
  expect(problems).toEqual([]);
  await page.close();
});

describe("a reader's own number", () => {
  it("stands beside the published one, for whoever opens the link", async () => {
    const ask = async (address: string, choose: (page: Page) => Promise<unknown>) => {
      const {page, problems} = await openPage(site.browser, address);
      const count = page.getByRole("radio", {name: "20", exact: true});
      await count.waitFor();
      await choose(page);
      const load = page.getByRole("button", {name: /^Load/}).first();
      await load.click();
      const questions = page.getByRole("button", {name: "Ask the questions"});
      await questions.waitFor({timeout: 90_000});
      const began = performance.now();
      await questions.click();
      const finding = page.locator(".w-figure strong", {hasText: /^Here /});
      await finding.waitFor({timeout: 90_000});
      report("own number beside the published one", performance.now() - began, "one click");
      // the card's figure is of the families that were asked, so both wait for all of them
      await questions.waitFor({timeout: 90_000});
      const text = await finding.innerText();
      expect(await count.isChecked()).toBe(true);
      expect(problems).toEqual([]);
      const link = page.url();
      await page.close();
      const form = /^Here (.+) gives the right answer \d+ % of the time; its card says (\d+ %)$/;
      return {link, published: form.exec(text)?.slice(1)};
    };
    const own = await ask(`${site.url}guide/house-models`, (page) =>
      page.getByRole("radio", {name: "20", exact: true}).check()
    );
    expect(own.published).toHaveLength(2);
    expect(own.link).toContain("each=20");
    const shared = await ask(own.link, () => Promise.resolve());
    expect(shared).toEqual(own);
  });

  it("is the same in a second page that opens the link", async () => {
    const {page} = await openPage(site.browser, `${site.url}${seeInside}?backend=wasm`);
    await start(page);
    await settled(page);
    await setPrompt(page, "The war of the house lasted");
    await settled(page, 1200);
    await page.locator(".w-tokens button[aria-checked=true]").focus();
    await page.keyboard.press("ArrowLeft");
    await page.locator("select").first().selectOption({index: 3});
    await settled(page, 1500);
    const state = async (of: Page) => ({
      prompt: await of.locator("main input[type=text]").first().inputValue(),
      token: await of.locator(".w-tokens button[aria-checked=true]").innerText(),
      site: await of.locator("select").first().inputValue(),
      findings: await of.locator(".w-figure:not([hidden]) strong").allInnerTexts()
    });
    const own = await state(page);
    const began = performance.now();
    const second = await openPage(site.browser, page.url());
    await start(second.page);
    await second.page.waitForFunction(
      (count) => document.querySelectorAll(".w-figure:not([hidden])").length === count,
      own.findings.length,
      {timeout: 60_000}
    );
    report("link → the same state and findings", performance.now() - began, "one click");
    await settled(second.page, 1500);
    expect(own.findings.length).toBeGreaterThanOrEqual(5);
    expect(await state(second.page)).toEqual(own);
    expect(second.problems).toEqual([]);
    await page.close();
    await second.page.close();
  });
});

it("an editor's own CSV of 500 prompts becomes activations and a chart", async () => {
  const nouns = [
    "war",
    "siege",
    "truce",
    "reign",
    "feud",
    "peace",
    "strike",
    "trial",
    "storm",
    "tour"
  ];
  const pairs = Array.from({length: 250}, (_, i) => {
    const start = `The ${nouns[i % 10]} lasted from the year`;
    const century = 11 + (i % 8);
    return `${start} ${century}${10 + (i % 83)} to ${century},${start} ${century}01 to ${century}`;
  });
  const {page, problems} = await openPage(site.browser, `${site.url}guide/own-data?backend=wasm`);
  const began = performance.now();
  await page.locator(".w-table input[type=file]").setInputFiles({
    name: "mine.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(["clean,corrupt", ...pairs].join("\n"))
  });
  await page.locator(".w-held", {hasText: "mine.csv · 250 rows · 2 columns"}).waitFor();
  await page.locator(".w-model button", {hasText: "Start"}).click();
  const figure = page.locator(".w-figure:not([hidden])");
  await figure
    .locator(".w-chart svg .mark-symbol.role-mark path")
    .first()
    .waitFor({timeout: 240_000});
  report("own CSV of 500 prompts → chart", performance.now() - began, "30 min with the writing");
  expect(await figure.locator("strong").innerText()).toMatch(
    /^After block \d, the change moves the vector by \d+%$/
  );
  await figure.locator("summary", {hasText: "Numbers and files"}).click();
  await figure.locator(".w-rows tbody tr").first().waitFor();
  const blocks = await figure.locator(".w-rows tbody tr td:first-child").allInnerTexts();
  expect(blocks).toEqual(blocks.map((_, i) => `block ${i}`));
  expect(blocks.length).toBeGreaterThan(1);
  expect(problems).toEqual([]);
  await page.close();
}, 300_000);

it("a researcher's own GPT-2 folder is picked, looked into and patched", async () => {
  const home = mkdtempSync(join(tmpdir(), "own-gpt2-"));
  try {
    const folder = join(home, "my-gpt2");
    writeRandomGpt2(folder);
    const [clean, corrupt] = ["in the end", "an the end"];
    const prompts = {prompt: clean, clean, corrupt, answer: "t", wrong: "a"};
    const query = new URLSearchParams({backend: "wasm", ...prompts});
    const {page, problems} = await openPage(site.browser, `${site.url}guide/own-models?${query}`);
    const began = performance.now();
    await page.locator(".w-picker input[webkitdirectory]").first().setInputFiles(folder);
    await page.locator(".w-model", {hasText: "my-gpt2"}).getByRole("button").click();
    const figures = page.locator(".w-figure:not([hidden])");
    await figures.nth(1).locator("strong").waitFor({timeout: 90_000});
    report("own GPT-2 folder → logit lens and patching", performance.now() - began, "5 min");
    const [lens, map] = await Promise.all([0, 1].map((i) => rowsOf(figures.nth(i))));
    const lm = await openLanguageModel({model: folder, backend: "wasm"});
    const {tokens, predictions} = await lm.run(clean, {top: 1});
    const other = lm.tokenize(corrupt);
    lm.backend.dispose();
    expect(lens).toHaveLength(4 * tokens.length);
    expect(lens.at(-1)!.prediction_1).toBe(predictions.at(-1)![0].text);
    expect(map).toHaveLength(3 * tokens.length);
    const differing = tokens.flatMap(({id}, pos) => (id === other[pos].id ? [] : [pos]));
    expect(differing).toHaveLength(1);
    for (const {layer, pos, recovered} of map)
      if (Number(layer) === 0)
        expect(Number(recovered)).toBeCloseTo(Number(pos) === differing[0] ? 1 : 0, 3);
    const later = map.filter(({layer, pos}) => Number(layer) > 0 && Number(pos) !== differing[0]);
    expect(later.some(({recovered}) => Math.abs(Number(recovered)) > 1e-3)).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  } finally {
    rmSync(home, {recursive: true});
  }
});

/** The numbers behind a figure. */
async function rowsOf(figure: Locator): Promise<Record<string, string>[]> {
  await figure.locator("summary", {hasText: "Numbers and files"}).click();
  await figure.locator(".w-rows tbody tr").first().waitFor();
  const names = await figure.locator(".w-rows th").allInnerTexts();
  const rows = await figure
    .locator(".w-rows tbody tr")
    .evaluateAll((all) =>
      all.map((row) => Array.from(row.querySelectorAll("td"), (cell) => cell.textContent))
    );
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i], cell])));
}
