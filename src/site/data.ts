import {createHash} from "node:crypto";
import {existsSync, readFileSync, readdirSync, statSync} from "node:fs";
import {extname, join} from "node:path";

/** One file that pages fetch by the manifest. */
export interface DataFile {
  /** Relative to the site's root: `data/<model>/<stem>.<sha8>.<ext>`. */
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal, of the file as it is fetched. */
  readonly sha256: string;
}

/** What `data/manifest.json` holds: every file of every shipped model, by model and file name. */
export interface DataManifest {
  readonly models: Readonly<Record<string, {readonly files: Readonly<Record<string, DataFile>>}>>;
}

export interface SiteData {
  readonly manifest: DataManifest;
  /** From a manifest's `url` to the path of the file in the checkout. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Lists `data/models/<name>/*`; a site without models has an empty manifest. */
export function siteData(dataFolder: string): SiteData {
  const home = join(dataFolder, "models");
  const sources = new Map<string, string>();
  const models: Record<string, {files: Record<string, DataFile>}> = {};
  for (const model of existsSync(home) ? readdirSync(home).sort() : []) {
    const folder = join(home, model);
    if (!statSync(folder).isDirectory()) continue;
    const files: Record<string, DataFile> = {};
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (!statSync(path).isFile() || name.startsWith(".") || name.endsWith(".partial")) continue;
      const file = describe(path, model, name);
      files[name] = file;
      sources.set(file.url, path);
    }
    models[model] = {files};
  }
  return {manifest: {models}, sources};
}

const described = new Map<string, {readonly key: string; readonly file: DataFile}>();

/** Hashes a file once for each size and time of change: a preview asks on every request. */
function describe(path: string, model: string, name: string): DataFile {
  const {size, mtimeMs} = statSync(path);
  const key = `${size} ${mtimeMs}`;
  const known = described.get(path);
  if (known?.key === key) return known.file;
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  const url = `data/${model}/${stem}.${sha256.slice(0, 8)}${extension}`;
  const file = {url, bytes: size, sha256};
  described.set(path, {key, file});
  return file;
}
