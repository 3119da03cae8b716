import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {listFiles} from "../../src/site/output.js";

const page = readFileSync("docs/reference/command-line.md", "utf8");

it("has a row of each verb that the program has, and of no other", () => {
  const args = ["bin/workings.js", "--help"];
  const {stdout} = spawnSync(process.execPath, args, {encoding: "utf8"});
  const list = stdout.slice(stdout.indexOf("Commands:"));
  const verbs = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, verb]) => verb);
  expect(verbs).toContain("generate");
  const rows = [...page.matchAll(/^\| `(\w+)/gm)].map(([, verb]) => verb);
  expect(rows.sort()).toEqual(verbs.filter((verb) => verb !== "help").sort());
});

it("is called in one way in a checkout, and in one in a project of one's own", () => {
  const texts = ["README.md", "CONTRIBUTING.md", ...listFiles("docs")]
    .filter((file) => file.endsWith(".md") && !file.includes(".observablehq"))
    .map((file) => [file, readFileSync(file, "utf8")] as const);
  const calls = texts.flatMap(([file, text]) =>
    [...text.matchAll(/\b(npm run (?:-s )?workings(?: --)?|node bin\/workings|npx workings)/g)].map(
      ([call]) => ({file, call})
    )
  );
  const others = calls.filter(({call}) => call !== "npm run -s workings --");
  const ofProject = ["docs/guide/own-project.md", "docs/reference/command-line.md"];
  expect(calls.length - others.length).toBeGreaterThan(10);
  expect(others.filter(({call}) => call !== "npx workings")).toEqual([]);
  expect(others.filter(({file}) => !ofProject.includes(file))).toEqual([]);
});
