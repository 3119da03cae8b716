import {join} from "node:path";
import {readFileSync} from "node:fs";
import type {Config, Import, SyntaxNode} from "@observablehq/framework/dist/config.js";
import {findImports} from "@observablehq/framework/dist/javascript/imports.js";
import {findModule, readJavaScriptSync} from "@observablehq/framework/dist/javascript/module.js";
import {parseProgram} from "@observablehq/framework/dist/javascript/parse.js";
import {resolvePath} from "@observablehq/framework/dist/path.js";
import {lineInCell, readPage} from "./page.js";
import {displayPath, lineOf} from "./problem.js";

/** A cell, or a module that pages import, of the author's own. */
export interface AuthorCode {
  readonly file: string;
  readonly program: SyntaxNode;
  /** The line in the author's file of a place in the code, or of the words that stand there. */
  readonly line: (offset: number, words: string) => number;
}

/** Every cell of a site and every module below its root, but for those of `/src/`. */
export function* authorCode(site: Config): Generator<AuthorCode, void, void> {
  const modules = new Set<string>();
  const follow = (imports: readonly Import[], path: string) => {
    for (const {name, type} of imports) {
      const target = type === "local" ? resolvePath(path, name) : "";
      if (/\.(m|c)?js$/.test(target) && !target.startsWith("/src/")) modules.add(target);
    }
  };
  for (const path of site.loaders.findPagePaths()) {
    const {file, cells} = readPage(site, path);
    for (const cell of cells) {
      follow(cell.node.imports, path);
      const line = (offset: number, words: string) => lineInCell(cell, offset, words);
      yield {file, program: cell.node.body, line};
    }
  }
  // grows while it is walked: each module adds those that it imports
  for (const path of modules) {
    const name = join(site.root, findModule(site.root, path)?.path ?? path);
    const code = readModule(name);
    if (code === undefined) continue;
    follow(findImports(code.program, path, code.input), path);
    const line = (_offset: number, words: string) => lineOf(code.source, words);
    yield {file: displayPath(name), program: code.program, line};
  }
}

/** Undefined where the module is not there or does not parse, which the strict check says elsewhere. */
function readModule(name: string) {
  try {
    const input = readJavaScriptSync(name);
    return {source: readFileSync(name, "utf8"), input, program: parseProgram(input)};
  } catch {
    return undefined;
  }
}
