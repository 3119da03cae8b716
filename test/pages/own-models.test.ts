import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, beforeEach, describe, expect, it} from "vitest";
import type {Page} from "../../src/site/chromium.js";
import {type MockHub, openMockHub} from "../support/mock-hub.js";
import {seriousFindings, unreachable} from "./support/axe.js";
import {openPage, openSite} from "./support/live-page.js";
import {writeRandomGpt2} from "./support/random-model.js";

const ID = "someone/tiny";
const WEIGHTS = "model.safetensors";
const home = mkdtempSync(join(tmpdir(), "own-models-"));
const mine = join(home, "my-gpt2");
const other = join(home, "other", "my-gpt2");
writeRandomGpt2(mine, {context: 12_000});
writeRandomGpt2(other, {context: 12_000, seed: 5});

let site: Awaited<ReturnType<typeof openSite>>;
let hub: MockHub;
beforeAll(async () => {
  site = await openSite();
  const names = readdirSync(mine);
  hub = await openMockHub(
    ID,
    Object.fromEntries(names.map((name) => [name, readFileSync(join(mine, name))]))
  );
});
afterAll(async () => {
  await site?.close();
  await hub?.close();
  rmSync(home, {recursive: true});
});
beforeEach(() => {
  hub.trouble = {};
  hub.asked.length = 0;
});

const PROMPTS = {
  prompt: "in the end",
  clean: "in the end",
  corrupt: "an the end",
  answer: "t",
  wrong: "a"
};
const address = () =>
  `${site.url}guide/own-models?${new URLSearchParams({backend: "wasm", ...PROMPTS})}`;

/** The page for these prompts, and the requests that go anywhere but to the site, or carry anything. */
async function open() {
  const opened = await openPage(site.browser, address());
  const foreign: string[] = [];
  opened.page.on("request", (request) => {
    const isOwn = request.url().startsWith(site.url) || request.url().startsWith("blob:");
    if (!isOwn || !/^(GET|HEAD)$/.test(request.method())) foreign.push(request.url());
  });
  return {...opened, foreign};
}

const picker = (page: Page) => page.locator(".w-picker", {hasText: "From"});
const held = (page: Page) => picker(page).locator(".w-held > span");
const problem = (page: Page) => picker(page).locator(".w-problem");
const folder = (page: Page) => picker(page).locator("input[webkitdirectory]");
const files = (page: Page) => picker(page).locator("input[multiple]");
const bar = (page: Page) => page.locator(".w-model").first();
const lens = (page: Page) => page.locator(".w-figure:not([hidden]) strong").first();

const startModel = async (page: Page) => {
  await bar(page).getByRole("button", {name: "Start"}).click();
  await lens(page).waitFor({timeout: 90_000});
};

describe("a folder of one's own", () => {
  it("is read, looked into and patched, is named by its hash in a link, and leaves the device never", async () => {
    const {page, problems, foreign} = await open();
    await held(page).getByText("house-1m").waitFor();
    await folder(page).setInputFiles(mine);
    await held(page).getByText("my-gpt2 · 0.8 MB · your files · sha256 ").waitFor();
    await bar(page).getByText("my-gpt2").waitFor();
    await startModel(page);
    expect(await bar(page).innerText()).toContain("3 blocks of 4 heads, width 16");
    await page
      .locator(".w-figure:not([hidden]) strong", {hasText: /block|token|back/i})
      .nth(1)
      .waitFor({timeout: 60_000});
    const findings = await page.locator(".w-figure:not([hidden]) strong").allInnerTexts();
    expect(findings).toHaveLength(2);
    const link = page.url();
    expect(new URL(link).searchParams.get("model")).toMatch(/^[0-9a-f]{16}\.\d+\.my-gpt2$/);
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();

    const second = await openPage(site.browser, link);
    await held(second.page)
      .getByText(/^needs my-gpt2 \(0\.8 MB, sha256 [0-9a-f]{12}…\): pick its folder$/)
      .waitFor();
    expect(await second.page.locator("#stored-lens").isVisible()).toBe(true);
    await folder(second.page).setInputFiles(other);
    await problem(second.page)
      .getByText(
        /^my-gpt2: must be the model of the link, my-gpt2 with sha256 [0-9a-f]{12}…, got [0-9a-f]{12}…; press Use house-1m to leave the link.s model$/
      )
      .waitFor();
    expect(await held(second.page).innerText()).toMatch(/^needs my-gpt2/);
    await folder(second.page).setInputFiles(mine);
    await held(second.page).getByText("my-gpt2 · 0.8 MB").waitFor();
    await startModel(second.page);
    await second.page.locator(".w-figure:not([hidden]) strong").nth(1).waitFor({timeout: 60_000});
    expect(await second.page.locator(".w-figure:not([hidden]) strong").allInnerTexts()).toEqual(
      findings
    );
    expect(second.page.url()).toBe(link);
    expect(second.problems).toEqual([]);

    await second.page.getByRole("button", {name: "Use house-1m"}).click();
    await held(second.page).getByText("house-1m", {exact: true}).waitFor();
    expect(new URL(second.page.url()).searchParams.has("model")).toBe(false);
    await second.page.goBack();
    await held(second.page)
      .getByText("my-gpt2 · 0.8 MB")
      .or(held(second.page).getByText("needs my-gpt2"))
      .waitFor();
    await second.page.close();
  });

  it("is taken from the browser's own picker, and from what is dropped", async () => {
    const {page, problems} = await open();
    await page.evaluate(
      async (content) => {
        const top = await navigator.storage.getDirectory();
        const folder = await top.getDirectoryHandle("picked", {create: true});
        for (const [name, text] of content) {
          const stream = await (await folder.getFileHandle(name, {create: true})).createWritable();
          await stream.write(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
          await stream.close();
        }
        Object.assign(window, {showDirectoryPicker: () => Promise.resolve(folder)});
      },
      readdirSync(mine).map((name) => [name, readFileSync(join(mine, name), "base64")] as const)
    );
    await folder(page).focus();
    await page.keyboard.press("Space");
    await held(page).getByText("picked · 0.8 MB · your files").waitFor();

    const drop = (names: readonly string[]) =>
      picker(page).evaluate(
        (element, content) => {
          const dataTransfer = new DataTransfer();
          for (const [name, text] of content) {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            dataTransfer.items.add(new File([bytes], name));
          }
          element.dispatchEvent(
            new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true})
          );
        },
        names.map((name) => [name, readFileSync(join(mine, name), "base64")] as const)
      );
    await drop([]);
    await problem(page)
      .getByText("files: must be a folder or files of a model, got nothing", {exact: true})
      .waitFor();
    await drop([WEIGHTS]);
    await problem(page)
      .getByText(
        /^files: must hold config\.json with model\.safetensors and .+, got "model\.safetensors"$/
      )
      .waitFor();
    await drop(["config.json", WEIGHTS]);
    await problem(page)
      .getByText(/tokenizer\.json is missing$/)
      .waitFor();
    expect(await held(page).innerText()).toContain("picked");
    await drop(readdirSync(mine));
    await held(page).getByText("model · 0.8 MB · your files").waitFor();
    expect(await problem(page).innerText()).toBe("");

    const damaged = join(home, "damaged");
    writeRandomGpt2(damaged);
    writeFileSync(join(damaged, WEIGHTS), readFileSync(join(damaged, WEIGHTS)).subarray(0, 5000));
    await folder(page).setInputFiles(damaged);
    await held(page).getByText("damaged").waitFor();
    await bar(page).getByRole("button", {name: "Start"}).click();
    await bar(page)
      .getByText(/^model\.safetensors: tensor .+: the file is cut short$/)
      .waitFor();
    await files(page).setInputFiles(readdirSync(mine).map((name) => join(mine, name)));
    await held(page).getByText("model · 0.8 MB").waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it("is read raw or folded, as each figure says and a link keeps, with the same predictions", async () => {
    const {page, problems} = await open();
    await folder(page).setInputFiles(mine);
    await held(page).getByText("my-gpt2").waitFor();
    await startModel(page);
    const titles = page.locator(".w-figure:not([hidden]) strong");
    await titles.nth(1).waitFor({timeout: 60_000});
    const lines = (weights: string) =>
      page.locator(".w-figure:not([hidden]) summary", {hasText: `${weights} weights`});
    expect(await lines("raw").count()).toBe(2);
    const raw = await titles.allInnerTexts();
    await page.getByLabel("Weights").selectOption("folded");
    await bar(page)
      .getByText(/TransformerLens folds and centres them/)
      .waitFor({timeout: 60_000});
    await lines("folded").nth(1).waitFor({timeout: 60_000});
    expect(await lines("raw").count()).toBe(0);
    await expect.poll(() => titles.allInnerTexts(), {timeout: 30_000}).toEqual(raw);
    expect(new URL(page.url()).searchParams.get("convention")).toBe("folded");
    expect(problems).toEqual([]);
    await page.close();
  });

  it("can be picked without a mouse or eyes", async () => {
    const {page} = await open();
    for (const i of [0, 1])
      await page.locator(".w-model").nth(i).getByRole("button", {name: "Start"}).waitFor();
    expect(await unreachable(page)).toEqual([]);
    expect(await seriousFindings(page)).toEqual([]);
    await page.close();
  });
});

describe("a model on a hub", () => {
  /** The page, whose HTML names the mock hub. */
  const openWithHub = async () => {
    const context = await site.browser.newContext();
    await context.route(/\/guide\/own-models/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll('https://huggingface.co"}', `${hub.url}"}`);
      await route.fulfill({response, body});
    });
    const page = await context.newPage();
    await page.goto(address());
    await held(page).waitFor();
    return {page, context};
  };
  const host = () => new URL(hub.url).host;
  const stores = () => hub.asked.filter((line) => line.includes("/store/"));
  const ask = async (page: Page) => {
    await page.getByLabel(`From ${host()}`).fill(ID);
    await page.getByRole("button", {name: `Ask ${host()} for its size`}).click();
  };
  const loadButton = (page: Page) =>
    page.getByRole("button", {name: `Load tiny from ${host()}, 0.8 MB`});
  const kept = (page: Page) => picker(page).locator("details");

  it("is loaded on a click that names host and size, goes on after a reload, and is kept and deleted", async () => {
    const {page, context} = await openWithHub();
    await page.waitForTimeout(500);
    expect(hub.asked).toEqual([]);
    await ask(page);
    await loadButton(page).waitFor();
    expect(hub.asked.filter((line) => !line.startsWith("GET /api/models/"))).toEqual([]);

    hub.trouble = {slow: 60};
    await loadButton(page).click();
    await bar(page).getByRole("button", {name: "Start"}).click();
    await bar(page)
      .getByText(/^loading: 0\.[3-9] MB/)
      .waitFor({timeout: 60_000});
    const link = page.url();
    await page.close();
    hub.trouble = {};
    hub.asked.length = 0;

    const again = await context.newPage();
    await again.goto(link);
    await held(again)
      .getByText(
        /^needs tiny \(0\.8 MB, .+\): pick its folder or ask 127\.0\.0\.1:\d+ for it$|^tiny · 0\.8 MB/
      )
      .waitFor();
    await held(again).getByText("tiny · 0.8 MB · from the hub").waitFor();
    await startModel(again);
    const [line, ...more] = stores().filter((asked) => asked.includes(WEIGHTS));
    expect(more).toEqual([]);
    expect(Number(/bytes=(\d+)-/.exec(line)![1])).toBeGreaterThan(200_000);
    await kept(again).locator("summary").getByText("Kept in this browser: 1 model, 0.8 MB").click();
    expect(await kept(again).locator("td").allInnerTexts()).toEqual([
      ID,
      host(),
      "0.8 MB",
      "OpenDelete"
    ]);
    hub.asked.length = 0;

    await again.goto(link);
    await held(again).getByText("tiny · 0.8 MB · from the hub").waitFor();
    await again.locator(".w-model", {hasText: "0.8 MB, kept in this browser"}).waitFor();
    await startModel(again);
    expect(hub.asked).toEqual([]);
    await kept(again).locator("summary").click();
    await kept(again)
      .getByRole("button", {name: `Delete ${ID}`})
      .click();
    await kept(again).waitFor({state: "hidden"});
    await again.reload();
    await held(again)
      .getByText(/^needs tiny/)
      .waitFor();
    expect(hub.asked).toEqual([]);
    await context.close();
  });

  it("says in a sentence what went wrong, and keeps nothing that is not the model", async () => {
    const {page, context} = await openWithHub();
    hub.trouble = {apiStatus: 404};
    await ask(page);
    await problem(page).getByText(`${ID}: must be a public model on ${host()}`).waitFor();
    hub.trouble = {gated: true};
    await ask(page);
    await problem(page).getByText(`${ID}: must be open to everyone, ${host()} asks`).waitFor();
    hub.trouble = {};
    await ask(page);
    await loadButton(page).click();
    hub.replace(WEIGHTS, Buffer.alloc(readFileSync(join(mine, WEIGHTS)).length));
    await bar(page).getByRole("button", {name: "Start"}).click();
    await bar(page)
      .getByText(/^model\.safetensors: hash must be /)
      .waitFor();
    hub.replace(WEIGHTS, readFileSync(join(mine, WEIGHTS)));
    hub.trouble = {breaks: {after: 100_000, times: 2}};
    await bar(page).getByRole("button", {name: "Try again"}).click();
    await lens(page).waitFor({timeout: 90_000});
    expect(stores().at(-1)).not.toContain("bytes=0-");
    await context.close();
  });
});
