import {spawnSync} from "node:child_process";
import {readFileSync} from "node:fs";
import {expect, it} from "vitest";
import {listFiles} from "../../src/site/output.js";

const page = readFileSync("docs/reference/command-line.md", "utf8");

/** The verbs that `--help` lists, of the program or of one of its verbs. */
function verbsOf(...verb: string[]): string[] {
  const args = ["bin/workings.js", ...verb, "--help"];
  const {stdout} = spawnSync(process.execPath, args, {encoding: "utf8"});
  const list = stdout.slice(stdout.indexOf("Commands:"));
  const verbs = [...list.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  return verbs.filter((name) => name !== "help").sort();
}

it("has a row of each verb that the program has, and of no other", () => {
  const verbs = verbsOf();
  expect(verbs).toContain("generate");
  const rows = new Set([...page.matchAll(/^\| `(\w+)/gm)].map(([, verb]) => verb));
  expect([...rows].sort()).toEqual(verbs);
});

it.each(["new", "train", "control"])("has a row of each verb below %s", (verb) => {
  const rows = [...page.matchAll(new RegExp(`^\\| \`${verb} ([a-z]+)`, "gm"))];
  expect(rows.map(([, below]) => below).sort()).toEqual(verbsOf(verb));
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
