import {cpSync, mkdirSync, mkdtempSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {lstatSync, readlinkSync, realpathSync, rmSync, symlinkSync} from "node:fs";
import {normalizeConfig} from "@observablehq/framework/dist/config.js";
import {describe, expect, it} from "vitest";
import {checkSite} from "../../src/site/check/check.js";
import {modelProblems} from "../../src/site/check/models.js";
import {project} from "../../src/site/project-config.js";
import {availableData, shippedData} from "../../src/site/project-data.js";
import {linkSource} from "../../src/site/source-link.js";

/** A project's folder with pages of the given cells, and an own model of three files. */
function makeProject(pages: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), "project-pages-"));
  const root = join(folder, "docs");
  mkdirSync(root);
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(root, name), text);
  mkdirSync(join(folder, "data/models/mine/checkpoints"), {recursive: true});
  for (const file of ["config.json", "checkpoints/a.safetensors", "checkpoints/b.safetensors"])
    writeFileSync(join(folder, "data/models/mine", file), "{}");
  return {folder, site: normalizeConfig(project({root, title: "A lab"}))};
}
const cell = (code: string) => `# A page\n\n\`\`\`js\n${code}\n\`\`\`\n`;
const shipped = (pages: Readonly<Record<string, string>>) => {
  const {folder, site} = makeProject(pages);
  const {manifest, sources} = shippedData(site, folder);
  const {models} = manifest;
  const files = Object.values(models).flatMap(({files}) => Object.values(files));
  expect([...sources.keys()]).toEqual(files.map(({url}) => url));
  return Object.fromEntries(
    Object.entries(models).map(([name, {files}]) => [name, Object.keys(files)])
  );
};

describe("a build of one's own project", () => {
  it("has the models that its pages open, and no other", () => {
    expect(Object.keys(shipped({"index.md": cell(`openModel("house-1m");`)}))).toEqual([
      "house-1m"
    ]);
    expect(shipped({"index.md": cell(`1 + 1`)})).toEqual({});
  });

  it("finds a name in a choice, and in a module that a page imports", () => {
    const choice = cell(`const name = view(Inputs.select(["mine"]));\nopenModel(name);`);
    expect(shipped({"index.md": choice})).toEqual({mine: ["config.json"]});
    const pages = {"index.md": cell(`import {open} from "./a.js";`), "a.ts": `import "./b.js";`};
    const b = `export const open = (): Promise<unknown> => openModel("mine");`;
    expect(shipped({...pages, "b.ts": b})).toEqual({mine: ["config.json"]});
  });

  it("has a checkpoint only where it is named, or where any may be", () => {
    expect(shipped({"index.md": cell(`openModel("mine@a");`)}).mine).toEqual([
      "checkpoints/a.safetensors",
      "config.json"
    ]);
    expect(shipped({"index.md": cell("openModel(`mine@${step}`);")}).mine).toHaveLength(3);
  });

  it("is told of a model that is not there, with its place", () => {
    const {folder, site} = makeProject({
      "index.md": `# A page\n\n${cell(`openModel("mine");\nmodelBar("hose-1m");`)}`,
      "more.md": cell(`openModel("mine@c"); openModel(name);`)
    });
    const known = Object.entries(availableData(folder).manifest.models)
      .filter(([, {files}]) => "config.json" in files)
      .map(([name]) => name);
    expect(known).toContain("house-1m");
    const problems = modelProblems(site, folder).map(({file, line, message}) => ({
      file: file.split("/").at(-1),
      line,
      message
    }));
    expect(problems).toEqual([
      {
        file: "index.md",
        line: 7,
        message: `model: must be one of ${known.join(", ")}, or a folder of data/models, got "hose-1m"`
      },
      {
        file: "more.md",
        line: 4,
        message: `model: must be a checkpoint of mine that is there, got "mine@c"`
      }
    ]);
  });
});

describe("a new project's page", () => {
  it("passes the strict check, with the package's style", {timeout: 120_000}, async () => {
    const root = ".cache/new-project/docs";
    rmSync(root, {recursive: true, force: true});
    mkdirSync(root, {recursive: true});
    cpSync("templates/project/index.md", join(root, "index.md"));
    expect(await checkSite(normalizeConfig(project({root, title: "A lab"})))).toEqual([]);
    expect(realpathSync(join(root, "src"))).toBe(resolve("src"));
  });
});

describe("a page that imports the package by its name", () => {
  it("is told what to import", {timeout: 120_000}, async () => {
    const {site} = makeProject({
      "index.md": `---\ntitle: A\ndescription: B\n---\n${cell(`import {openModel} from "workings";`)}`
    });
    const problems = await checkSite(site);
    expect(problems.map(({line, message}) => [line, message])).toEqual([
      [8, `import: pages import Workings as "/src/workings.js", got "workings"`]
    ]);
  });
});

describe("the link to the source", () => {
  const root = () => mkdtempSync(join(tmpdir(), "source-link-"));

  it("is made, mended, and left alone where it is right", () => {
    const folder = root();
    linkSource(folder);
    expect(realpathSync(join(folder, "src"))).toBe(resolve("src"));
    const {ino} = lstatSync(join(folder, "src"));
    linkSource(folder);
    expect(lstatSync(join(folder, "src")).ino).toBe(ino);
    rmSync(join(folder, "src"));
    symlinkSync("../gone", join(folder, "src"));
    linkSource(folder);
    expect(readlinkSync(join(folder, "src"))).not.toBe("../gone");
    expect(realpathSync(join(folder, "src"))).toBe(resolve("src"));
  });

  it("never takes the place of an author's own", () => {
    const folder = root();
    mkdirSync(join(folder, "src"));
    expect(() => linkSource(folder)).toThrow(
      `check: ${folder}/src must be free for the link to Workings' source, got a folder: give it another name`
    );
    rmSync(join(folder, "src"), {recursive: true});
    writeFileSync(join(folder, "src"), "../src");
    expect(() => linkSource(folder)).toThrow("must be a link to the folder src, got a file");
  });
});
