import {existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {resolve} from "node:path";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {expect, it} from "vitest";
import {checkSite} from "../../src/site/check/check.js";

const readme = readFileSync("README.md", "utf8");

it("shows a page that passes the strict check", async () => {
  const page = /^````md\n(.*?)^````$/ms.exec(readme)![1];
  const root = ".cache/readme/pages";
  rmSync(root, {recursive: true, force: true});
  mkdirSync(root, {recursive: true});
  symlinkSync(resolve("src"), `${root}/src`);
  writeFileSync(`${root}/index.md`, page);
  expect(await checkSite(normalizeConfig({root, style: null}))).toEqual([]);
});

it("points to files that are there, in less than 150 lines", () => {
  const targets = Array.from(readme.matchAll(/\]\(([^)#]+)\)/g), ([, target]) => target);
  expect(targets.length).toBeGreaterThan(5);
  expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  expect(readme.split("\n").length).toBeLessThan(150);
});
