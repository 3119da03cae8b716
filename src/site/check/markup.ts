import {readFileSync} from "node:fs";
import {join} from "node:path";
import type {Config} from "@observablehq/framework/dist/config.js";
import {resolvePath} from "@observablehq/framework/dist/path.js";
import {pageDescription} from "../head.js";
import {requestsInCss, requestsInHtml} from "./hosts.js";
import type {PageSource} from "./page.js";
import {displayPath, lineAt, lineOf} from "./problem.js";
import type {Problem} from "./problem.js";

/**
 * What the prose of a page lacks: its description, and files that it shows.
 *
 * @param files the names of those files, as the page has them
 */
export function markupProblems(
  page: PageSource,
  files: Iterable<string>,
  {loaders}: Config
): Problem[] {
  const {file, source, html, path, tables} = page;
  const problems: Problem[] = [];
  const add = (words: string, message: string) =>
    problems.push({file, line: lineOf(source, words), message});
  if (!pageDescription(source))
    add("---", "page: front matter must have a description of one line");
  if (!/^title:/m.test(source) && !/<h1\b/.test(html)) add("---", "page: there must be a title");

  for (const name of files)
    if (loaders.find(resolvePath(path, name)) === undefined)
      add(basename(name), `file: ${name.replace(/^\.\//, "")} is not there`);
  for (const table of Object.values(tables)) {
    if (/^https?:/.test(table))
      add(table, `host: nothing may be asked of another host, got ${table}`);
    else if (loaders.find(resolvePath(path, table)) === undefined)
      add(table, `file: ${table} is not there`);
  }
  for (const {address} of requestsInHtml(html))
    add(address, `host: nothing may be asked of another host, got ${address}`);
  return problems;
}

/** Requests to another host in the site's own style sheet. */
export function styleProblems({root, style}: Config): Problem[] {
  if (style === null || !("path" in style)) return [];
  const path = join(root, style.path);
  const css = readFileSync(path, "utf8");
  return requestsInCss(css).map(({address, offset}) => ({
    file: displayPath(path),
    line: lineAt(css, offset),
    message: `host: nothing may be asked of another host, got ${address}`
  }));
}

const basename = (path: string): string => path.split("/").at(-1)!;
