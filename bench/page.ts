import {copyFileSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {basename, join} from "node:path";
import {tmpdir} from "node:os";
import {build} from "esbuild";
import {launchChromium} from "../src/site/chromium.js";
import {serveFolder} from "../src/site/serve.js";

export interface PageJob {
  /** A module that exports `run(argument)`, which the page calls. */
  readonly entry: string;
  /** Files that the module fetches, by their base names, from beside itself. */
  readonly assets?: readonly string[];
}

/**
 * Runs a module in a headless Chromium, served from this machine alone, and returns what its
 * `run(argument)` returns.
 *
 * @throws what the page throws.
 */
export async function runInPage<A, R>({entry, assets = []}: PageJob, argument: A): Promise<R> {
  const folder = mkdtempSync(join(tmpdir(), "workings-bench-"));
  try {
    await build({
      entryPoints: {main: entry},
      outdir: folder,
      bundle: true,
      format: "esm",
      splitting: true,
      target: "es2022",
      logLevel: "error"
    });
    for (const asset of assets) copyFileSync(asset, join(folder, basename(asset)));
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>bench</title>");
    const server = await serveFolder(folder);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(server.url);
      const code = `import("./main.js").then(({run}) => run(${JSON.stringify(argument)}))`;
      return await page.evaluate<R>(code);
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    rmSync(folder, {recursive: true});
  }
}
