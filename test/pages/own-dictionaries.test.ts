import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {saeLensFolder} from "../../src/papers/own-models/sae-lens-folder.js";
import {openPage, openSite} from "./support/live-page.js";
import {writeRandomGpt2} from "./support/random-model.js";

const home = mkdtempSync(join(tmpdir(), "own-dictionaries-"));
const model = join(home, "my-gpt2");
const dictionary = join(home, "my-sae");
const wide = join(home, "wide-sae");

let site: Awaited<ReturnType<typeof openSite>>;
beforeAll(async () => {
  site = await openSite();
  writeRandomGpt2(model);
  for (const [folder, width] of [
    [dictionary, 16],
    [wide, 24]
  ] as const) {
    mkdirSync(folder);
    for (const [name, bytes] of Object.entries(saeLensFolder("standard", {width}).files))
      writeFileSync(join(folder, name), bytes);
  }
});
afterAll(async () => {
  await site?.close();
  rmSync(home, {recursive: true});
});

it("shows which features of a dictionary fire, of the site's and of a folder, and writes with one pushed", async () => {
  const prompts = {prompt: "in the end", clean: "in the end", corrupt: "an the end"};
  const query = new URLSearchParams({backend: "wasm", ...prompts});
  const {page, problems} = await openPage(site.browser, `${site.url}guide/own-models?${query}`);
  const owner = page.locator(".w-model", {hasText: "house-3m"});
  await owner.getByRole("button", {name: /^Start/}).click();
  const rows = page.locator("table tbody tr", {hasText: /mlp\dtc\[\d+\]/});
  await rows.first().waitFor({timeout: 90_000});
  const picker = page.locator(".w-picker", {hasText: "Dictionaries"});
  const bar = page.locator(".w-model", {has: page.locator(".w-line")});
  expect(await picker.getByRole("status").textContent()).toBe("house-3m/mlp*tc");
  expect(await bar.locator(".w-line").count()).toBe(6);

  const folder = picker.locator("input[type=file]");
  await folder.setInputFiles("docs/guide");
  await expect
    .poll(() => picker.getByRole("alert").textContent())
    .toMatch(/^drop: must hold cfg\.json with/);
  expect(await picker.getByRole("status").textContent()).toBe("house-3m/mlp*tc");

  await page.locator(".w-picker input[webkitdirectory]").first().setInputFiles(model);
  await page.locator(".w-model", {hasText: "my-gpt2"}).getByRole("button").first().click();
  await page.locator(".w-model", {hasText: "3 blocks of 4 heads, width 16"}).first().waitFor();
  await folder.setInputFiles(wide);
  await bar.getByText(/must be of 16 numbers, .+, got 24$/).waitFor({timeout: 60_000});
  await folder.setInputFiles(dictionary);
  await bar
    .getByText("resid_pre1sae: 24 features of blocks.1.hook_resid_pre")
    .waitFor({timeout: 60_000});
  const own = page.locator("table tbody tr", {hasText: /resid_pre1sae\[\d+\]/});
  await own.first().waitFor();
  const feature = (await own.first().locator("td").nth(1).textContent())!;
  expect(await page.getByLabel("Feature", {exact: true}).inputValue()).toBe(feature);
  const written = page.locator("blockquote.written b");
  const pushed = await written.textContent();
  const push = page.locator("form", {hasText: "Push by"}).locator("input[type=number]");
  await push.fill("-20");
  await push.press("Enter");
  await expect.poll(() => written.textContent(), {timeout: 30_000}).not.toBe(pushed);
  const name = page.getByLabel("Feature", {exact: true});
  await name.fill("resid_pre1sae[24]");
  await name.press("Enter");
  await page.getByText(/resid_pre1sae.*feature must be in 0 … 23, got 24/).waitFor();
  expect(await page.locator(".observablehq--error").allTextContents()).toEqual([]);
  expect(problems).toEqual([]);
  await page.close();
}, 240_000);
