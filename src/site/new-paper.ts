import {existsSync, mkdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {transformSync} from "esbuild";
import {writeFileAtomic} from "./atomic.js";
import {forgetFigures} from "./loaded.js";
import {projectFolder} from "./packages.js";

/** The lists that a paper is in: what the command line can verify, and what the sidebar names. */
const REGISTRY = "src/papers/papers.ts";
const SIDEBAR = "observablehq.config.ts";
const LONGEST = 40;

/** A paper's files by their templates. */
const filesOf = (slug: string): Readonly<Record<string, string>> => ({
  "page.md": `docs/papers/${slug}.md`,
  "method.txt": `src/papers/${slug}.ts`,
  "test.txt": `test/papers/${slug}.test.ts`
});

/**
 * Writes the page, the method and the test of a paper that runs and holds as it is, and puts it into
 * the two lists; all of that or nothing.
 *
 * @param home the checkout
 * @returns the files written and changed, as paths in the checkout
 */
export function newPaper(slug: string, home = projectFolder): string[] {
  checkSlug(slug);
  for (const list of [REGISTRY, SIDEBAR])
    if (!existsSync(join(home, list)))
      throw new Error(`new paper: ${home} must be a checkout of Workings, it has no ${list}`);
  checkFree(slug, home);
  const old = (file: string) => readFileSync(join(home, file), "utf8");
  const lists = {
    [REGISTRY]: registered(old(REGISTRY), slug),
    [SIDEBAR]: inSidebar(old(SIDEBAR), slug)
  };
  const before = Object.keys(lists).map((file) => [file, old(file)] as const);
  const written: string[] = [];
  try {
    for (const [template, file] of Object.entries(filesOf(slug))) {
      const text = readFileSync(join(projectFolder, "templates/paper", template), "utf8");
      mkdirSync(dirname(join(home, file)), {recursive: true});
      const filled = text.replaceAll("{{slug}}", slug).replaceAll("{{words}}", wordsOf(slug));
      writeFileSync(join(home, file), filled, {flag: "wx"});
      written.push(file);
    }
    for (const [file, text] of Object.entries(lists)) writeFileAtomic(join(home, file), text);
  } catch (error) {
    for (const file of written) rmSync(join(home, file));
    for (const [file, text] of before) writeFileAtomic(join(home, file), text);
    throw error;
  }
  forgetFigures(join(home, "docs"));
  return [...written, ...Object.keys(lists)];
}

function checkSlug(slug: string): void {
  if (slug.length > LONGEST || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug))
    throw new Error(
      `new paper: slug must be lowercase words and numbers with hyphens between, at most ${LONGEST} letters, such as "attention-as-svm", got "${slug}"`
    );
  try {
    transformSync(importOf(slug), {loader: "ts", format: "esm", logLevel: "silent"});
  } catch {
    throw new Error(`new paper: slug must not be a word of JavaScript's own, got "${slug}"`);
  }
}

/** Throws where anything has the paper's name, so that nothing is ever written over. */
function checkFree(slug: string, home: string): void {
  const places = [
    ...Object.values(filesOf(slug)),
    `src/papers/${slug}`,
    `test/papers/${slug}`,
    `docs/guide/${slug}.md`,
    `data/receipts/${slug}.json`
  ];
  const taken = places.find((place) => existsSync(join(home, place)));
  if (taken !== undefined)
    throw new Error(`new paper: slug must be new, got "${slug}", and ${taken} is there already`);
}

const wordsOf = (slug: string): string => slug.replaceAll("-", " ");
const nameOf = (slug: string): string =>
  slug.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const importOf = (slug: string): string => `import * as ${nameOf(slug)} from "./${slug}.js";\n`;

/** The registry with a paper in it: its import in the order of the alphabet, its line last. */
function registered(source: string, slug: string): string {
  const imports = [...source.matchAll(/^import \* as .*\n/gm)];
  const end = source.lastIndexOf("\n];");
  if (imports.length === 0 || end < 0)
    throw new Error(`new paper: ${REGISTRY} must import papers and list them, it does not`);
  const line = importOf(slug);
  const next = imports.find(([other]) => other > line);
  const last = imports[imports.length - 1];
  const at = next ? next.index : last.index + last[0].length;
  const before = source.slice(at, end);
  const entry = `,\n  {...${nameOf(slug)}, platform: false}`;
  return source.slice(0, at) + line + before + entry + source.slice(end);
}

/** The site's configuration with a page in its list of papers. */
function inSidebar(source: string, slug: string): string {
  const list = /name: "Papers",\n\s+pages: \[\n(?:.*\n)*?(?=\n? {6}\]\n)/.exec(source);
  if (!list)
    throw new Error(
      `new paper: ${SIDEBAR} must list pages under "Papers", a line each, it does not`
    );
  const end = list.index + list[0].trimEnd().length;
  const [name, path] = [`name: "What does ${wordsOf(slug)} show?"`, `path: "/papers/${slug}"`];
  const short = `        {${name}, ${path}}`;
  const long = `        {\n          ${name},\n          ${path}\n        }`;
  return `${source.slice(0, end)},\n${short.length > 100 ? long : short}${source.slice(end)}`;
}
