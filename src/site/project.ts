import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from "node:fs";
import {basename, dirname, isAbsolute, join, relative, resolve, sep} from "node:path";
import {packPackage} from "./pack.js";
import {isCheckout, projectFolder} from "./packages.js";
import {projectLock} from "./project-lock.js";

/** Those of a new project's files that an author edits. */
export const projectFiles = ["package.json", "observablehq.config.js", "docs/index.md"] as const;

/** From a file of a new project to its template: npm leaves some names out of a package. */
const templates: Readonly<Record<string, string>> = {
  "observablehq.config.js": "observablehq.config.js",
  "docs/index.md": "index.md",
  ".gitignore": "gitignore",
  ".github/workflows/pages.yml": "pages.yml"
};

export interface NewProjectOptions {
  /** Puts the package's tarball into a folder and gives back its name. */
  readonly pack?: (folder: string, signal?: AbortSignal) => Promise<string>;
  /** Stops the work; nothing is left. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a project of one's own, whole or not at all: three files to edit, a workflow that publishes
 * them, and the running package as a tarball on which they depend.
 *
 * @param folder must not exist, or be empty
 * @returns the folder, absolute
 */
export async function newProject(
  folder: string,
  {pack = packPackage, signal}: NewProjectOptions = {}
): Promise<string> {
  const home = resolve(folder);
  const name = projectName(home);
  checkPlace(folder, home);
  const isThere = existsSync(home);
  const made = isThere ? undefined : mkdirSync(dirname(home), {recursive: true});
  const stage = isThere ? join(home, `.${process.pid}.partial`) : `${home}.${process.pid}.partial`;
  try {
    mkdirSync(stage);
    const tarball = await pack(stage, signal);
    writeProject(stage, name, titleOf(home), tarball);
    signal?.throwIfAborted();
    if (isThere) moveInto(home, stage);
    else renameSync(stage, home);
    return home;
  } catch (error) {
    rmSync(stage, {recursive: true, force: true});
    if (made !== undefined) rmSync(made, {recursive: true});
    throw error;
  }
}

function checkPlace(folder: string, home: string): void {
  const found = statSync(home, {throwIfNoEntry: false});
  if (found && !found.isDirectory()) throw new Error(`new: ${folder} must be a folder, got a file`);
  const entries = found ? readdirSync(home).length : 0;
  if (entries > 0)
    throw new Error(
      `new: ${folder} must be empty or not there yet, got a folder of ${entries === 1 ? "1 entry" : `${entries} entries`}`
    );
  const path = relative(projectFolder, home);
  if (isCheckout && path.split(sep)[0] !== ".." && !isAbsolute(path))
    throw new Error(`new: ${folder} must lie outside ${projectFolder}, which it depends on`);
}

/** npm's rules for a package's name, from the folder's. */
function projectName(home: string): string {
  const name = basename(home)
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|-+$/g, "");
  if (name === "" || name === "workings" || name.length > 200)
    throw new Error(
      `new: the folder's name must hold a letter or digit, at most 200, and not be "workings", which is the package's, got "${basename(home)}"`
    );
  return name;
}

function titleOf(home: string): string {
  const words = basename(home).replace(/[-_]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function writeProject(folder: string, name: string, title: string, tarball: string): void {
  const {overrides} = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
    overrides: object;
  };
  const manifest = {
    name,
    private: true,
    type: "module",
    scripts: {start: "workings preview", build: "workings build", check: "workings check"},
    dependencies: {workings: `file:${tarball}`},
    overrides
  };
  write(folder, "package.json", json(manifest));
  const lock = projectLock(name, tarball, readFileSync(join(folder, tarball)));
  if (lock !== undefined) write(folder, "package-lock.json", json(lock));
  for (const [file, template] of Object.entries(templates)) {
    const text = readFileSync(join(projectFolder, "templates/project", template), "utf8");
    write(
      folder,
      file,
      text.replace(`"{{title}}"`, () => JSON.stringify(title))
    );
  }
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

function write(folder: string, file: string, text: string): void {
  const path = join(folder, file);
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, text);
}

/** Fills an empty folder that was there before, which may be the one that the process is in. */
function moveInto(home: string, stage: string): void {
  const moved: string[] = [];
  try {
    for (const entry of readdirSync(stage)) {
      renameSync(join(stage, entry), join(home, entry));
      moved.push(join(home, entry));
    }
    rmSync(stage, {recursive: true});
  } catch (error) {
    for (const path of moved) rmSync(path, {recursive: true, force: true});
    throw error;
  }
}
