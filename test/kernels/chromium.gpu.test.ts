import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {beforeAll} from "vitest";
import {launchChromium} from "../../src/site/chromium.js";
import {serveFolder} from "../../src/site/serve.js";
import {bundleCases} from "../support/kernel-bundle.js";
import type {Verdict} from "../support/run-cases.js";
import {assertVerdicts} from "../support/verdicts.js";

const verdicts: Verdict[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "workings-kernels-"));
  const served = await serveFolder(folder);
  const browser = await launchChromium();
  try {
    await bundleCases(join(folder, "cases.js"), "tell");
    await writeFile(join(folder, "index.html"), "<!doctype html><title>Kernels</title>");
    const page = await browser.newPage();
    await page.exposeFunction("tell", (line: string) => verdicts.push(JSON.parse(line) as Verdict));
    await page.goto(served.url);
    await page.evaluate("import('./cases.js')");
  } finally {
    await browser.close();
    await served.close();
    await rm(folder, {recursive: true});
  }
}, 300_000);

assertVerdicts("Chromium's Tint", verdicts);
