import {existsSync, readdirSync, rmSync} from "node:fs";
import {join} from "node:path";

const cacheOf = (root: string): string => join(root, ".observablehq/cache");

/** Loaders read models and modules that Framework does not watch: what they made before is made anew. */
export function forgetLoaded(root: string): void {
  const cache = cacheOf(root);
  for (const name of existsSync(cache) ? readdirSync(cache) : [])
    if (!name.startsWith("_") && name !== "seed") rmSync(join(cache, name), {recursive: true});
}

/** As `forgetLoaded`, for the figures only: they read the receipts and the list of papers. */
export const forgetFigures = (root: string): void =>
  rmSync(join(cacheOf(root), "figures"), {recursive: true, force: true});
