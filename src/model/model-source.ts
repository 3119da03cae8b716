import {planLoad} from "./load-plan.js";
import {type FileCache, openFileCache} from "./model-cache.js";
import {
  isJsonObject,
  type JsonObject,
  ModelFileError,
  parseJsonObject,
  shown
} from "./model-file-error.js";
import type {ModelFiles} from "./model-files.js";
import {openBytes} from "./open-file.js";
import {sha256} from "./sha256.js";
import {siteRoot} from "./site-root.js";

export type {LoadProgress} from "./model-files.js";

const MANIFEST = "manifest.json";

/** Where a site's files are, and how they are had. */
export interface Site {
  /** With a slash at the end. */
  readonly root: URL;
  readonly cache: FileCache;
  readonly fetch: (url: URL) => Promise<Response>;
}

/** What the names of recordings begin with. */
const RECORDING = "features/";

const thisSite = (): Site => {
  const root = siteRoot();
  return {root, cache: openFileCache(root), fetch: (url) => fetch(url)};
};

/** What a reader is told before anything large is loaded. */
export interface ModelInfo {
  /** Of all files to load. */
  readonly bytes: number;
  /** True if nothing of it needs the network any more. */
  readonly cached: boolean;
  /** What `model.json` says, where there is one. */
  readonly card?: JsonObject;
}

/** @throws {ModelFileError} if this site ships no such model. */
export async function modelInfo(name: string, site = thisSite()): Promise<ModelInfo> {
  const files = await siteFiles(name, site);
  const {bytes, local, others} = await planLoad(files);
  if (!others.includes("model.json")) return {bytes, cached: local};
  const card = parseJsonObject(await files.read("model.json"), "model.json");
  return {bytes, cached: local, card};
}

interface SiteFile {
  readonly url: URL;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Names of dictionaries that the site ships.
 *
 * @param pattern Such as `house-3m/mlp3tc`, or `house-3m/mlp*tc`, where `*` stands for any letters.
 * @throws {ModelFileError} if there is none.
 */
export async function siteDictionaryNames(pattern: string, site = thisSite()): Promise<string[]> {
  const {dictionaries} = await readManifest(site);
  const names = [...dictionaries.keys()];
  const found = names.filter((name) => matchesName(name, pattern));
  if (found.length > 0) return found;
  throw new ModelFileError(
    `dictionary: must be one of ${names.join(", ") || "none"}, which this site ships, got ${shown(pattern)}`
  );
}

/**
 * The files of a model that the site ships, by `data/manifest.json`: streamed, checked against their
 * sha256, and kept in the site's cache.
 *
 * @param name Such as `house-1m`, or `house-1m@step-16` for its `checkpoints/step-16.safetensors`,
 * which has no card, `house-3m/mlp3tc` for a dictionary, or `features/house-3m` for a recording.
 * @throws {ModelFileError} if the manifest cannot be had or has no such model, checkpoint or dictionary.
 */
export async function siteFiles(name: string, site = thisSite()): Promise<ModelFiles> {
  const {models, dictionaries, features} = await readManifest(site);
  const [model, step] = name.split("@", 2);
  const [what, list] = name.startsWith(RECORDING)
    ? ["features", features]
    : name.includes("/")
      ? ["dictionary", dictionaries]
      : ["model", models];
  const shipped = list.get(model);
  if (!shipped)
    throw new ModelFileError(
      `${what}: must be one of ${[...list.keys()].join(", ") || "none"}, which this site ships, got ${shown(name)}`
    );
  const files = step === undefined ? shipped : checkpointFiles(shipped, model, step);
  const all = new Set(
    [models, dictionaries, features]
      .flatMap((list) => [...list.values()])
      .flatMap((of) => [...of.values()].map((f) => f.sha256))
  );
  const notices: string[] = [];
  const source: ModelFiles = {
    name,
    notices,
    async facts(file) {
      const found = files.get(file);
      if (!found) return null;
      const {bytes, sha256} = found;
      return {bytes, local: await site.cache.has(sha256)};
    },
    async read(file, onBytes) {
      const found = files.get(file);
      if (!found)
        throw new ModelFileError(`${file}: must be among the files of ${name}, it is not`);
      const kept = await site.cache.get(found.sha256);
      if (kept && (await sha256(kept)) === found.sha256) {
        onBytes?.(kept.length);
        return kept;
      }
      const bytes = await load(site, file, found, onBytes);
      await site.cache.keepOnly(all);
      const trouble = await site.cache.put(found.sha256, bytes);
      if (trouble !== null) notices.push(trouble);
      return bytes;
    },
    async open(file, onBytes) {
      return openBytes(await source.read(file, onBytes), files.get(file)?.sha256);
    }
  };
  return source;
}

/**
 * The address of a file of a recording, for what reads it in parts.
 *
 * @throws {ModelFileError} if this site ships none of that name, or it has no such file.
 */
export async function recordingUrl(name: string, file: string, site = thisSite()): Promise<URL> {
  const {features} = await readManifest(site);
  const url = features.get(name)?.get(file)?.url;
  if (url) return url;
  throw new ModelFileError(
    `features: must be one of ${[...features.keys()].join(", ") || "none"}, which this site ships, with ${file}, got ${shown(name)}`
  );
}

/** A model's files with the weights that it had at a checkpoint. */
function checkpointFiles(
  files: ReadonlyMap<string, SiteFile>,
  model: string,
  step: string
): Map<string, SiteFile> {
  const weights = files.get(`checkpoints/${step}.safetensors`);
  if (!weights)
    throw new ModelFileError(
      `model: must name a checkpoint of ${model} that this site ships, got ${shown(step)}`
    );
  const others = [...files].filter(([file]) => file !== "model.json");
  return new Map([...others, ["model.safetensors", weights]]);
}

async function load(
  site: Site,
  file: string,
  {url, bytes: size, sha256: wanted}: SiteFile,
  onBytes?: (loaded: number) => void
): Promise<Uint8Array> {
  const response = await get(site, url, file);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  try {
    for await (const part of streamOf(response)) {
      parts.push(part);
      loaded += part.length;
      if (loaded > size) break;
      onBytes?.(loaded);
    }
  } catch {
    throw new ModelFileError(
      `${file}: must load whole, the connection broke after ${loaded} of ${size} bytes`
    );
  }
  if (loaded !== size)
    throw new ModelFileError(
      `${file}: must be ${size} bytes, as the site's manifest says, got ${loaded > size ? "more" : loaded}`
    );
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  await checkSha256(file, bytes, wanted);
  return bytes;
}

/** @throws {ModelFileError} if a file's bytes are not those that were promised. */
export async function checkSha256(file: string, bytes: Uint8Array, wanted: string): Promise<void> {
  const found = await sha256(bytes);
  if (found !== wanted)
    throw new ModelFileError(
      `${file}: sha256 must be ${wanted.slice(0, 12)}…, the file differs from the one that was published, got ${found.slice(0, 12)}…`
    );
}

async function* streamOf({body}: Response): AsyncGenerator<Uint8Array, void, void> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

async function get(site: Site, url: URL, file: string): Promise<Response> {
  const response = await site.fetch(url).catch(() => null);
  if (!response?.ok)
    throw new ModelFileError(
      `${file}: must load from ${url.pathname}, ${response ? `the host answered ${response.status}` : "the host did not answer"}`
    );
  return response;
}

/** Whether `*` in a pattern stands for letters of the name, but for no slash. */
function matchesName(name: string, pattern: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[^/]*")}$`).test(name);
}

type Shipped = ReadonlyMap<string, ReadonlyMap<string, SiteFile>>;

async function readManifest(
  site: Site
): Promise<Record<"models" | "dictionaries" | "features", Shipped>> {
  const response = await get(site, new URL("data/manifest.json", site.root), MANIFEST);
  const json = parseJsonObject(new Uint8Array(await response.arrayBuffer()), MANIFEST);
  const features = [...shippedIn(json.features, site)];
  return {
    models: shippedIn(json.models, site),
    dictionaries: shippedIn(json.dictionaries, site),
    features: new Map(features.map(([name, files]) => [RECORDING + name, files]))
  };
}

const shippedIn = (all: unknown, site: Site): Shipped =>
  new Map(
    (isJsonObject(all) ? Object.entries(all) : []).map(([name, value]) => {
      const files = isJsonObject(value) && isJsonObject(value.files) ? value.files : {};
      const entries = Object.entries(files).map(([file, facts]): [string, SiteFile] => {
        const {url, bytes, sha256} = isJsonObject(facts) ? facts : {};
        if (typeof url !== "string" || typeof bytes !== "number" || typeof sha256 !== "string")
          throw new ModelFileError(
            `${MANIFEST}: ${shown(file)} of ${shown(name)} must have url, bytes and sha256`
          );
        return [file, {url: new URL(url, site.root), bytes, sha256}];
      });
      return [name, new Map(entries)];
    })
  );
