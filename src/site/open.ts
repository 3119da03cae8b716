import {existsSync} from "node:fs";
import {join} from "node:path";
import type {Problem} from "./check/problem.js";
import {launchChromium} from "./chromium.js";
import type {Browser, Page} from "./chromium.js";
import {listFiles} from "./output.js";
import {serveFolder} from "./serve.js";
import type {ServeOptions} from "./serve.js";

/** Longest wait for the cells of a page to settle. */
const settleMs = 30_000;

/**
 * Opens pages of a built site in Chromium, one after the other, and reports each that throws, logs
 * an error, shows a failed cell, or makes a request that fails or that goes to another host.
 *
 * @param pages site paths such as `/guide/deploying`; every page if empty
 */
export async function openSite(
  folder: string,
  pages: readonly string[],
  options: ServeOptions = {}
): Promise<Problem[]> {
  const paths = pages.length > 0 ? pages.map((page) => pagePath(folder, page)) : sitePages(folder);
  const served = await serveFolder(folder, options);
  const browser = await launchChromium();
  try {
    const problems: Problem[] = [];
    for (const path of paths)
      problems.push(...(await withPage(browser, served.url, path, async () => {})));
    return problems;
  } finally {
    await browser.close();
    await served.close();
  }
}

/** The site paths of a built site's pages: "" for the first, `guide/deploying`, …. */
export const sitePages = (folder: string): string[] =>
  listFiles(folder)
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.slice(folder.length + 1, -".html".length).replace(/(^|\/)index$/, "$1"));

/**
 * Opens one page of a served site, waits until its cells have settled, and runs `use` on it.
 *
 * @param root the address of the site, with a slash at the end
 * @returns what went wrong from the first byte to the end of `use`
 */
export async function withPage(
  browser: Browser,
  root: string,
  path: string,
  use: (page: Page) => Promise<void>
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (message: string) =>
    problems.push({file: path || "/", line: 1, message: message.split("\n", 1)[0]});
  const context = await browser.newContext();
  try {
    await context.route("**/*", (route) => {
      const url = route.request().url();
      if (url.startsWith(new URL(root).origin) || /^(data|blob):/.test(url))
        return route.continue();
      report(`host: nothing may be asked of another host, got ${url}`);
      return route.abort();
    });
    const page = await context.newPage();
    page.on("pageerror", (error) => report(`page: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() === "error") report(`page: ${message.text()}`);
    });
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "no reason";
      if (reason !== "net::ERR_ABORTED") report(`request: ${request.url()} failed, ${reason}`);
    });
    page.on("response", (response) => {
      if (response.status() >= 400) report(`request: ${response.url()} got ${response.status()}`);
    });
    await page.goto(new URL(path, root).href, {waitUntil: "load"});
    await settled(page);
    for (const text of await page.locator(".observablehq--error").allInnerTexts())
      report(`cell: ${text}`);
    await use(page);
    return problems;
  } catch (error) {
    const seen = problems.map(({message}) => message);
    throw new Error([String(error), ...seen].join("\n"), {cause: error});
  } finally {
    await context.close();
  }
}

/** Waits until no cell is loading and the network is quiet; a page that waits for a reader is fine. */
async function settled(page: Page): Promise<void> {
  const quiet = () => document.querySelector("observablehq-loading") === null;
  await page.waitForFunction(quiet, undefined, {timeout: settleMs}).catch(() => undefined);
  await page.waitForLoadState("networkidle", {timeout: settleMs}).catch(() => undefined);
}

function pagePath(folder: string, page: string): string {
  const path = page.replace(/^\//, "").replace(/\.html$/, "");
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : `${path}.html`;
  if (existsSync(join(folder, file))) return path;
  throw new Error(`check: page must be a page of ${folder}/, got ${page}`);
}
