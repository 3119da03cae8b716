import {existsSync, readFileSync, realpathSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** The folder of the checkout, or of the installed package; absolute. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Whether this is a checkout: a packed package has no lock file. */
export const isCheckout = existsSync(join(projectFolder, "package-lock.json"));

/** Whether a folder is a project of someone's own, which depends on the package. */
export const isOwnProject = (folder: string): boolean =>
  realpathSync(folder) !== realpathSync(projectFolder);

/** The folder of an installed package, as it is found from a folder. */
export function packageFolder(name: string, from = projectFolder): string {
  const {resolve} = createRequire(join(from, "package.json"));
  for (const modules of resolve.paths(name) ?? []) {
    const folder = join(modules, name);
    try {
      readFileSync(join(folder, "package.json"));
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(`packages: ${name} must be installed, run npm ci`);
}

interface Manifest {
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

export const packageVersion = (name: string): string => readManifest(packageFolder(name)).version;

/** `name@version` of installed packages and of all that they depend on, sorted. */
export function installedVersions(names: readonly string[]): string[] {
  const found = new Map<string, string>();
  const visit = (name: string, from?: string) => {
    const folder = packageFolder(name, from);
    if (found.has(folder)) return;
    const {version, dependencies = {}} = readManifest(folder);
    found.set(folder, `${name}@${version}`);
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
  };
  for (const name of names) visit(name);
  return [...new Set(found.values())].sort();
}
