import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {buildSite} from "../../../src/site/build.js";
import {checkSite} from "../../../src/site/check/check.js";
import {launchChromium} from "../../../src/site/chromium.js";
import type {Browser, Page} from "../../../src/site/chromium.js";
import {withPage} from "../../../src/site/open.js";
import {serveFolder} from "../../../src/site/serve.js";
import type {Served} from "../../../src/site/serve.js";
import {copyPages} from "../support/fixture.js";

const text = (page: Page, id: string) => page.locator(`#${id}`).innerText();

describe("a page that uses every built-in, built with no network", () => {
  let browser: Browser;
  let served: Served;

  beforeAll(async () => {
    const config = copyPages("fixture");
    expect(await checkSite(config)).toEqual([]);
    const {output} = await buildSite(config);
    served = await serveFolder(output);
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  it("runs Inputs, html, svg, vl, aq, tex, d3, Plot and the readers of FileAttachment", async () => {
    const problems = await withPage(browser, served.url, "", async (page) => {
      expect(await text(page, "files")).toBe("3 3 3 3");
      expect(await text(page, "inputs")).toBe("hello");
      expect(await text(page, "aq")).toBe("1 4 9");
      expect(await text(page, "d3")).toBe("12");
      expect(await page.locator("#svg circle").count()).toBe(1);
      expect(await page.locator(".katex").count()).toBe(2);
      expect(await page.locator("[class^=plot-] circle").count()).toBe(3);
      expect(await page.locator("canvas, .marks").count()).toBeGreaterThan(0);
    });
    expect(problems).toEqual([]);
  });

  it("runs sql cells and DuckDBClient on the compressed wasm", async () => {
    const problems = await withPage(browser, served.url, "tables", async (page) => {
      await page.locator("#client").waitFor();
      expect(await text(page, "sql")).toBe("12 from a cell");
      expect(await text(page, "client")).toBe("3");
      expect(await page.locator("table tbody tr").count()).toBe(3);
    });
    expect(problems).toEqual([]);
  });

  it("runs packages as bare imports in the page and in a module Worker", async () => {
    const expected = {
      arquero: 2,
      comlink: "function",
      float16: 1,
      hyparquet: "function",
      jax: 6,
      tokenizers: "function",
      webgpuUtils: 8
    };
    const problems = await withPage(browser, served.url, "packages", async (page) => {
      expect(JSON.parse(await text(page, "page"))).toEqual(expected);
      expect(JSON.parse(await text(page, "worker"))).toEqual({...expected, manifest: 200});
    });
    expect(problems).toEqual([]);
  });
});
