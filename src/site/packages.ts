import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** The folder of the checkout, absolute. */
export const projectFolder = join(dirname(fileURLToPath(import.meta.url)), "../..");

const require = createRequire(join(projectFolder, "package.json"));

/** The folder of an installed package. */
export function packageFolder(name: string): string {
  for (const modules of require.resolve.paths(name) ?? []) {
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

export function packageVersion(name: string): string {
  const text = readFileSync(join(packageFolder(name), "package.json"), "utf8");
  return (JSON.parse(text) as {version: string}).version;
}
