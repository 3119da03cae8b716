import {cpSync, rmSync, symlinkSync} from "node:fs";
import {join, resolve} from "node:path";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import type {Config} from "@observablehq/framework/dist/config.js";
import {pageHead} from "../../../src/site/head.js";

/** Copies a folder of pages to where a build may write, with the project's modules below it. */
export function copyPages(name: string): Config {
  const home = join(".cache", name);
  const root = join(home, "pages");
  rmSync(home, {recursive: true, force: true});
  cpSync(join("test/site", name), root, {recursive: true});
  symlinkSync(resolve("src"), join(root, "src"));
  return normalizeConfig({
    root,
    output: join(home, "dist"),
    globalStylesheets: [],
    style: null,
    pager: false,
    head: ({path}: {path: string}) => pageHead(root, path),
    duckdb: {extensions: {json: null, parquet: null}}
  });
}
