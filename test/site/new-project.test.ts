import {spawnSync} from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  writeFileSync
} from "node:fs";
import {tmpdir} from "node:os";
import {join, resolve} from "node:path";
import {describe, expect, it} from "vitest";
import {isCheckout} from "../../src/site/packages.js";
import {newProject, projectFiles} from "../../src/site/project.js";

const empty = () => mkdtempSync(join(tmpdir(), "new-project-"));
const everything = (folder: string) =>
  readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
const pack = (folder: string) => {
  writeFileSync(join(folder, "workings-9.9.9.tgz"), "a tarball");
  return Promise.resolve("workings-9.9.9.tgz");
};
const readJson = (file: string) => JSON.parse(readFileSync(file, "utf8")) as Json;
interface Json {
  readonly [key: string]: Json;
}

describe("newProject", () => {
  it("writes three files to edit, their workflow, and what they depend on", async () => {
    const home = await newProject(join(empty(), "deep/My first_lab"), {pack});
    expect(everything(home)).toEqual(
      [
        ...projectFiles,
        ".github/workflows/pages.yml",
        ".gitignore",
        "package-lock.json",
        "workings-9.9.9.tgz"
      ].sort()
    );
    expect(readJson(join(home, "package.json"))).toMatchObject({
      name: "my-first_lab",
      dependencies: {workings: "file:workings-9.9.9.tgz"},
      overrides: readJson("package.json").overrides
    });
    expect(readFileSync(join(home, "observablehq.config.js"), "utf8")).toContain(
      'title: "My first lab"'
    );
    expect(readdirSync(resolve(home, "..")), "nothing half-made stays").toEqual(["My first_lab"]);
  });

  it("pins what the package is tested with, and nothing that only its tests need", async () => {
    const home = await newProject(join(empty(), "lab"), {pack});
    const {packages} = readJson(join(home, "package-lock.json"));
    const tested = readJson("package-lock.json").packages;
    const {dependencies, devDependencies} = readJson("package.json");
    for (const name of Object.keys(dependencies))
      expect(packages[`node_modules/${name}`].version, name).toBe(dependencies[name]);
    for (const [place, {version}] of Object.entries(packages))
      if (place !== "" && place !== "node_modules/workings")
        expect(version, place).toBe(tested[place].version);
    const own = Object.keys(devDependencies).filter((name) => tested[`node_modules/${name}`].dev);
    expect(own).toContain("vitest");
    expect(own.filter((name) => `node_modules/${name}` in packages)).toEqual([]);
    expect(packages["node_modules/workings"]).toMatchObject({
      resolved: "file:workings-9.9.9.tgz",
      // printf 'a tarball' | openssl dgst -sha512 -binary | base64 -w0
      integrity:
        "sha512-/66rIPQC0mxTIVr+G7zGhn/yVrGoqm95T8XcQ++xgCksw1T5z9NWITDJZBfWwJD2T5D21wicFcMZTGAkuKEYAg=="
    });
  });

  it("fills a folder that is there and empty", async () => {
    const home = empty();
    expect(await newProject(home, {pack})).toBe(home);
    expect(readdirSync(home).sort()).toEqual(
      [".github", ".gitignore", "docs", "observablehq.config.js", "package-lock.json"].concat(
        "package.json",
        "workings-9.9.9.tgz"
      )
    );
  });

  it("publishes with the actions that this repository publishes with", async () => {
    const home = await newProject(join(empty(), "lab"), {pack});
    const uses = (file: string) =>
      Array.from(readFileSync(file, "utf8").matchAll(/uses: (\S+)/g), ([, action]) => action);
    const file = ".github/workflows/pages.yml";
    expect(uses(join(home, file))).toEqual(uses(file));
  });

  it("leaves nothing when packing fails, or is stopped", async () => {
    const home = empty();
    const failing = () => Promise.reject(new Error("no npm"));
    await expect(newProject(join(home, "a/b/lab"), {pack: failing})).rejects.toThrow("no npm");
    await expect(newProject(home, {pack: failing})).rejects.toThrow("no npm");
    const stop = new AbortController();
    const stopped = newProject(join(home, "lab"), {
      signal: stop.signal,
      pack: async (folder) => {
        stop.abort(new Error("stopped"));
        return pack(folder);
      }
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(readdirSync(home)).toEqual([]);
  });

  it("refuses in one sentence what it would spoil", async () => {
    const home = empty();
    const full = join(home, "full");
    mkdirSync(join(full, ".git"), {recursive: true});
    const file = join(home, "file");
    writeFileSync(file, "");
    const refused = [
      [full, `new: ${full} must be empty or not there yet, got a folder of 1 entry`],
      [file, `new: ${file} must be a folder, got a file`],
      ["my-lab", `new: my-lab must lie outside ${resolve(".")}, which it depends on`],
      [
        join(home, "workings"),
        `new: the folder's name must hold a letter or digit, at most 200, and not be "workings", which is the package's, got "workings"`
      ],
      [
        join(home, "…"),
        `new: the folder's name must hold a letter or digit, at most 200, and not be "workings", which is the package's, got "…"`
      ]
    ];
    for (const [folder, sentence] of refused)
      await expect(newProject(folder, {pack})).rejects.toThrow(new Error(sentence));
    expect(readdirSync(home).sort()).toEqual(["file", "full"]);
    expect(readdirSync(full)).toEqual([".git"]);
    expect(existsSync("my-lab")).toBe(false);
  });
});

describe("the packed package", () => {
  const {stdout} = spawnSync("npm", ["pack", "--dry-run", "--json", "--offline"], {
    encoding: "utf8"
  });
  const [{files}] = JSON.parse(stdout) as [{files: {path: string; size: number}[]}];
  const paths = files.map(({path}) => path);

  it("holds the source, the templates and the models: no test, no cache, nothing foreign", () => {
    const wanted =
      /^(bin|src|templates)\/|^data\/models\/|^(docs\/style\.css|package\.json|README\.md|LICENSE)$/;
    expect(paths.filter((path) => !wanted.test(path))).toEqual([]);
    expect(paths.filter((path) => /(^|\/)\.|\.test\.|node_modules|partial/.test(path))).toEqual([]);
    expect(paths).toContain("src/workings.ts");
    expect(isCheckout, "a lock file tells a checkout from a package").toBe(true);
    expect(paths).not.toContain("package-lock.json");
  });

  it("holds whole models with their cards, and the one that a new project opens", () => {
    const models = new Map<string, string[]>();
    for (const path of paths.filter((path) => path.startsWith("data/models/"))) {
      const [, , model, file] = path.split("/");
      models.set(model, [...(models.get(model) ?? []), file]);
    }
    const whole = ["config.json", "model.json", "model.safetensors", "tokenizer.json"];
    for (const [model, held] of models) expect(held.sort(), model).toEqual(whole);
    const opened = /modelBar\("([^"]+)"/.exec(readFileSync("templates/project/index.md", "utf8"));
    expect([...models.keys()]).toContain(opened?.[1]);
    const bytes = files.reduce((sum, {size}) => sum + size, 0);
    expect(bytes, "unpacked").toBeLessThan(25e6);
  });
});
