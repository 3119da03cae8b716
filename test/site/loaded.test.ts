import {existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, test} from "vitest";
import {forgetFigures, forgetLoaded} from "../../src/site/loaded.js";

let root: string;
const cached = (file: string) => join(root, ".observablehq/cache", file);
const files = ["figures/papers.json", "data/verses.txt", "_npm/d3.js", "seed/stamp"];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "loaded-"));
  for (const file of files) {
    mkdirSync(join(cached(file), ".."), {recursive: true});
    writeFileSync(cached(file), "");
  }
});
afterEach(() => rmSync(root, {recursive: true}));

const kept = () => files.filter((file) => existsSync(cached(file)));

test("what loaders made is forgotten, packages are not", () => {
  forgetLoaded(root);
  expect(kept()).toEqual(["_npm/d3.js", "seed/stamp"]);
});

test("a new receipt or paper makes figures anew, and nothing else", () => {
  forgetFigures(root);
  expect(kept()).toEqual(files.slice(1));
});

test("a root without a cache is left as it is", () => {
  rmSync(join(root, ".observablehq"), {recursive: true});
  forgetLoaded(root);
  forgetFigures(root);
  expect(existsSync(join(root, ".observablehq"))).toBe(false);
});
