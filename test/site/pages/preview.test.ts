import {afterAll, beforeAll, expect, it} from "vitest";
import {launchChromium} from "../../../src/site/chromium.js";
import type {Browser} from "../../../src/site/chromium.js";
import {siteData} from "../../../src/site/data.js";
import {startPreview} from "../../../src/site/preview.js";
import type {Preview} from "../../../src/site/preview.js";

let preview: Preview;
let browser: Browser;
beforeAll(async () => {
  preview = await startPreview(0);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await preview?.close();
});

it("serves pages that know their language, their root, the data and live reload", async () => {
  const page = await browser.newPage();
  try {
    await page.goto(preview.url);
    const module = "/_import/src/model/site-root.js";
    const root = await page.evaluate<string>(
      `import("${module}").then(({siteRoot}) => siteRoot().href)`
    );
    expect(root).toBe(preview.url);
    const seen = await page.evaluate(async (root) => {
      const opened = new WebSocket("/_observablehq");
      return {
        language: document.documentElement.lang,
        zoom: document.querySelector<HTMLMetaElement>("meta[name=viewport]")?.content,
        manifest: (await (await fetch(new URL("data/manifest.json", root))).json()) as unknown,
        socket: await new Promise((resolve) => {
          opened.onopen = () => resolve("open");
          opened.onerror = () => resolve("error");
        })
      };
    }, root);
    expect(seen).toEqual({
      language: "en",
      zoom: "width=device-width, initial-scale=1",
      manifest: siteData("data").manifest,
      socket: "open"
    });
  } finally {
    await page.close();
  }
});

it("answers 404 for data that is not there", async () => {
  expect((await fetch(`${preview.url}data/../package.json`)).status).toBe(404);
  expect((await fetch(`${preview.url}data/none/model.00000000.safetensors`)).status).toBe(404);
});
