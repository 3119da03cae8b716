import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {expect, it} from "vitest";
import {checkSite} from "../../src/site/check/check.js";
import {project} from "../../src/site/project-config.js";

interface Block {
  /** What stands behind the backticks. */
  readonly info: string;
  readonly code: string;
}

const blocksOf = (guide: string): Block[] =>
  Array.from(
    readFileSync(`docs/guide/${guide}.md`, "utf8").matchAll(/^```([^\n]+)\n(.*?)^```$/gms),
    ([, info, code]) => ({info, code})
  );
const shown = ({info}: Block) => /\becho\b/.test(info);
const fence = ({info, code}: Block) => `\`\`\`${info.replace(" echo", "")}\n${code}\`\`\`\n`;

/** What the strict check says of one page, `mine.md`. */
async function problemsOf(page: string): Promise<string[]> {
  mkdirSync(".cache", {recursive: true});
  const folder = mkdtempSync(join(".cache", "guide-"));
  try {
    const root = join(folder, "docs");
    mkdirSync(root);
    writeFileSync(join(root, "mine.md"), page);
    const problems = await checkSite(normalizeConfig(project({root, title: "A guide"})));
    return problems.map(({line, message}) => `${line}: ${message}`);
  } finally {
    rmSync(folder, {recursive: true});
  }
}

it("the notebook of the guide, copied block by block, passes the strict check", async () => {
  const blocks = blocksOf("write-a-notebook");
  const [start] = blocks.filter(({info}) => info === "md run=false");
  const page = [start.code, ...blocks.filter(shown).map(fence)].join("\n");
  expect(await problemsOf(page)).toEqual([]);
  const bare = page.replace(/^description: .*\n/m, "");
  expect(await problemsOf(bare)).toEqual([
    "1: page: front matter must have a description of one line"
  ]);
});

it.each(["write-a-notebook", "own-data"])("%s has as many lines of code as it says", (guide) => {
  const text = readFileSync(`docs/guide/${guide}.md`, "utf8");
  const said = Number(/(\d+) lines (?:of code )?in all/.exec(text)?.[1]);
  const lines = blocksOf(guide)
    .filter(shown)
    .flatMap(({code}) => code.split("\n").filter((line) => line.trim() !== ""));
  expect(lines.length).toBe(said);
  expect(said).toBeLessThan(40);
});
