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

type Folders = Readonly<Record<string, {readonly files: Readonly<Record<string, DataFile>>}>>;

/** What `data/manifest.json` holds: every file of every shipped model, by model and path in its folder. */
export interface DataManifest {
  readonly models: Folders;
  /** By model and name, such as `house-3m/mlp3tc`. */
  readonly dictionaries: Folders;
  /** What features were recorded to do, by model. */
  readonly features: Folders;
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

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, {withFileTypes: true})
    .filter((entry) => entry.isDirectory())
    .map(({name}) => name);

/** The dictionaries in a folder such as `data/dictionaries`, each by its model's name and its own. */
const dictionaryNames = (home: string): string[] =>
  namesIn(home)
    .flatMap((model) => foldersIn(join(home, model)).map((name) => `${model}/${name}`))
    .filter((name) => existsSync(join(home, name, "cfg.json")) && hasWeights(join(home, name)))
    .sort();

/** The recordings in a folder such as `data/features`, by their models. */
const recordingNames = (home: string): string[] =>
  namesIn(home)
    .filter((name) => existsSync(join(home, name, "recording.json")))
    .sort();

/** Lists `data/models/<name>/**`, `data/dictionaries/<model>/<name>/**` and `data/features/<model>/**`, where there are any. */
export function siteData(dataFolder: string): SiteData {
  const sources = new Map<string, string>();
  const filesOf = (folder: string, of: string): Record<string, DataFile> =>
    Object.fromEntries(
      filesBelow(folder).map((path) => {
        const name = relative(folder, path).replaceAll(sep, "/");
        const file = describe(path, of, name);
        sources.set(file.url, path);
        return [name, file];
      })
    );
  const foldersOf = (home: string, names: readonly string[], below = ""): Folders =>
    Object.fromEntries(
      names.map((name) => [name, {files: filesOf(join(home, name), below + name)}])
    );
  const [models, dictionaries, features] = ["models", "dictionaries", "features"].map((kind) =>
    join(dataFolder, kind)
  );
  return {
    manifest: {
      models: foldersOf(models, modelNames(models)),
      dictionaries: foldersOf(dictionaries, dictionaryNames(dictionaries)),
      features: foldersOf(features, recordingNames(features), "features/")
    },
    sources
  };
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
