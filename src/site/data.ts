import {createHash} from "node:crypto";
import {existsSync, readFileSync, readdirSync, statSync} from "node:fs";
import {extname, join, relative, sep} from "node:path";

/** One file that pages fetch by the manifest. */
export interface DataFile {
  /** Relative to the site's root: `data/<model>/<path without extension>.<sha8>.<ext>`. */
  readonly url: string;
  readonly bytes: number;
  /** Hexadecimal, of the file as it is fetched. */
  readonly sha256: string;
}

/** What `data/manifest.json` holds: every file of every shipped model, by model and path in its folder. */
export interface DataManifest {
  readonly models: Readonly<Record<string, {readonly files: Readonly<Record<string, DataFile>>}>>;
}

export interface SiteData {
  readonly manifest: DataManifest;
  /** From a manifest's `url` to the path of the file in the checkout. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * The names of the models in a folder such as `data/models`, in order: a folder with a recipe alone,
 * or with weights that are half-written, holds none yet.
 */
export const modelNames = (home: string): string[] =>
  namesIn(home)
    .filter((name) => existsSync(join(home, name, "config.json")))
    .filter((name) => [".", "checkpoints"].some((below) => hasWeights(join(home, name, below))))
    .sort();

const hasWeights = (folder: string): boolean =>
  namesIn(folder).some((name) => name.endsWith(".safetensors"));

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);

/** Lists `data/models/<name>/**`; a site without models has an empty manifest. */
export function siteData(dataFolder: string): SiteData {
  const home = join(dataFolder, "models");
  const sources = new Map<string, string>();
  const models: Record<string, {files: Record<string, DataFile>}> = {};
  for (const model of modelNames(home)) {
    const folder = join(home, model);
    const files: Record<string, DataFile> = {};
    for (const path of filesBelow(folder)) {
      const name = relative(folder, path).replaceAll(sep, "/");
      const file = describe(path, model, name);
      files[name] = file;
      sources.set(file.url, path);
    }
    models[model] = {files};
  }
  return {manifest: {models}, sources};
}

/** The files in a folder and its folders, in order, without hidden and half-written ones. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, {withFileTypes: true})
    .filter(({name}) => !name.startsWith(".") && !/\.part(ial)?$/.test(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
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
