import {createHash} from "node:crypto";
import {describe, expect, it} from "vitest";
import {loadModel} from "../../src/model/checkpoint.js";
import {openFileCache} from "../../src/model/model-cache.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import type {LoadProgress} from "../../src/model/model-files.js";
import {
  modelInfo,
  type Site,
  siteDictionaryNames,
  siteFiles
} from "../../src/model/model-source.js";
import {memoryCaches} from "../support/memory-caches.js";
import {gpt2Files, jsonBytes} from "../support/tiny-files.js";

const ROOT = new URL("https://host.test/x/");
const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** A host that serves one model below /x/, and counts what is asked of it. */
function host(files: Record<string, Uint8Array>, storage: CacheStorage | null = memoryCaches()) {
  const asked: string[] = [];
  const served = new Map<string, Uint8Array>();
  const facts = Object.entries(files).map(([name, bytes]) => {
    const url = `data/tiny/${name.replace(/[^/]+$/, `${hash(bytes).slice(0, 8)}-$&`)}`;
    served.set(`/x/${url}`, bytes);
    return [name, {url, bytes: bytes.length, sha256: hash(bytes)}];
  });
  served.set(
    "/x/data/manifest.json",
    jsonBytes({models: {tiny: {files: Object.fromEntries(facts) as object}}})
  );
  const site: Site = {
    root: ROOT,
    cache: openFileCache(ROOT, storage as CacheStorage),
    fetch: ({pathname}) => {
      asked.push(
        pathname
          .split("/")
          .at(-1)!
          .replace(/^[0-9a-f]{8}-/, "")
      );
      const bytes = served.get(pathname);
      return Promise.resolve(
        bytes ? new Response(inParts(bytes, 4096)) : new Response(null, {status: 404})
      );
    }
  };
  return {site, asked, served};
}

const inParts = (bytes: Uint8Array, size: number) =>
  new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size)
        controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    }
  });

const card = {name: "tiny"};
const NEEDED: Record<string, Uint8Array> = {...gpt2Files(), "model.json": jsonBytes(card)};
const TOTAL = Object.values(NEEDED).reduce((n, bytes) => n + bytes.length, 0);
const files = (): Record<string, Uint8Array> => ({...NEEDED, "heldout.json": jsonBytes([])});
const weightsPath = (served: ReadonlyMap<string, Uint8Array>) =>
  [...served.keys()].find((path) => path.endsWith("model.safetensors"))!;

describe("siteFiles", () => {
  it("streams a model, saying how far it is", async () => {
    const {site} = host(files());
    const progress: LoadProgress[] = [];
    const {config} = await loadModel(await siteFiles("tiny", site), (p) => progress.push(p));
    expect(config.layers).toBe(2);
    expect(progress.length).toBeGreaterThan(6);
    expect(progress.every((p) => p.total === TOTAL)).toBe(true);
    const loaded = progress.map((p) => p.loaded);
    expect(loaded).toEqual([...loaded].sort((a, b) => a - b));
    expect(progress.at(-1)).toEqual({stage: "checking", loaded: TOTAL, total: TOTAL});
  });

  it("loads nothing but the manifest on a second visit", async () => {
    const {site, asked} = host(files());
    await loadModel(await siteFiles("tiny", site));
    expect(asked.toSorted()).toEqual([
      "config.json",
      "manifest.json",
      "model.json",
      "model.safetensors",
      "tokenizer.json"
    ]);
    asked.length = 0;
    const again = await loadModel(await siteFiles("tiny", site));
    expect(asked).toEqual(["manifest.json"]);
    expect(again.sha256).toBe(hash(files()["model.safetensors"]));
  });

  it("loads a checkpoint's weights in place of the model's, without the card", async () => {
    const early = new Uint8Array(NEEDED["model.safetensors"]);
    early[early.length - 1] ^= 1;
    const {site, asked} = host({...files(), "checkpoints/step-16.safetensors": early});
    const {sha256, card} = await loadModel(await siteFiles("tiny@step-16", site));
    expect(sha256).toBe(hash(early));
    expect(card).toBeUndefined();
    expect(asked.toSorted()).toEqual([
      "config.json",
      "manifest.json",
      "step-16.safetensors",
      "tokenizer.json"
    ]);
    await expect(siteFiles("tiny@step-17", site)).rejects.toThrow(
      'model: must name a checkpoint of tiny that this site ships, got "step-17"'
    );
  });

  it("loads a damaged copy in the cache again", async () => {
    const {site, asked, served} = host(files());
    const {length} = served.get(weightsPath(served))!;
    await site.cache.put(hash(files()["model.safetensors"]), new Uint8Array(length));
    await loadModel(await siteFiles("tiny", site));
    expect(asked).toContain("model.safetensors");
  });

  it("works where nothing can be kept", async () => {
    const {site, asked} = host(files(), null);
    await loadModel(await siteFiles("tiny", site));
    await loadModel(await siteFiles("tiny", site));
    expect(asked.filter((name) => name === "model.safetensors")).toHaveLength(2);
  });

  it("says what could not be kept, and goes on", async () => {
    const {site} = host(files(), memoryCaches(8000));
    const {notices, weights} = await loadModel(await siteFiles("tiny", site));
    expect(weights.blocks).toHaveLength(2);
    expect(notices).toEqual([
      "cache: the browser has no room left to keep 0.0 MB, so the next visit will load it again"
    ]);
  });

  it("drops a model's former files from the cache", async () => {
    const {site} = host(files());
    await site.cache.put("former", Uint8Array.of(1));
    await loadModel(await siteFiles("tiny", site));
    expect(await site.cache.has("former")).toBe(false);
  });

  it.each<[string, (served: Map<string, Uint8Array>, path: string) => void, RegExp]>([
    [
      "is not there",
      (served, path) => served.delete(path),
      /^model.safetensors: must load from \/x\/data\/tiny\/[0-9a-f]{8}-model.safetensors, the host answered 404$/
    ],
    [
      "is cut short",
      (served, path) => served.set(path, served.get(path)!.slice(0, 5000)),
      /^model.safetensors: must be \d+ bytes, as the site's manifest says, got 5000$/
    ],
    [
      "is longer than it should be",
      (served, path) => served.set(path, new Uint8Array(1e6)),
      /^model.safetensors: must be \d+ bytes, as the site's manifest says, got more$/
    ],
    [
      "has a flipped bit",
      (served, path) =>
        served.set(
          path,
          served.get(path)!.map((b, i) => (i === 900 ? b ^ 1 : b))
        ),
      /^model.safetensors: sha256 must be [0-9a-f]{12}…, the file differs from the one that was published, got [0-9a-f]{12}…$/
    ]
  ])("refuses weights when the file %s", async (_, damage, sentence) => {
    const {site, served} = host(files());
    damage(served, weightsPath(served));
    const loading = siteFiles("tiny", site).then((of) => loadModel(of));
    await expect(loading).rejects.toThrow(ModelFileError);
    await expect(loading).rejects.toThrow(sentence);
  });

  it("says that a connection broke", async () => {
    const {site} = host(files());
    const broken = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => controller.enqueue(new Uint8Array(10)),
      pull: (controller) => controller.error(new TypeError("network"))
    });
    const fetch: Site["fetch"] = (url) =>
      url.pathname.endsWith("config.json")
        ? Promise.resolve(new Response(broken))
        : site.fetch(url);
    await expect(siteFiles("tiny", {...site, fetch}).then((of) => loadModel(of))).rejects.toThrow(
      new ModelFileError(
        `config.json: must load whole, the connection broke after 10 of ${files()["config.json"].length} bytes`
      )
    );
  });

  it("says that a host does not answer", async () => {
    const {site} = host(files());
    const fetch = () => Promise.reject(new TypeError("offline"));
    await expect(siteFiles("tiny", {...site, fetch})).rejects.toThrow(
      new ModelFileError(
        "manifest.json: must load from /x/data/manifest.json, the host did not answer"
      )
    );
  });

  it("names the models there are", async () =>
    expect(siteFiles("house", host(files()).site)).rejects.toThrow(
      new ModelFileError('model: must be one of tiny, which this site ships, got "house"')
    ));
});

describe("siteDictionaryNames", () => {
  const manifest = {
    models: {"house-3m": {files: {}}},
    dictionaries: Object.fromEntries(
      ["mlp0tc", "mlp1tc", "mlp1sae"].map((name) => [
        `house-3m/${name}`,
        {files: {"cfg.json": {url: `data/${name}.json`, bytes: 2, sha256: hash(jsonBytes({}))}}}
      ])
    )
  };
  const site: Site = {
    root: ROOT,
    cache: openFileCache(ROOT, memoryCaches()),
    fetch: ({pathname}) =>
      Promise.resolve(
        new Response(JSON.stringify(pathname.endsWith("manifest.json") ? manifest : {}))
      )
  };

  it("finds one by name, and several by a pattern", async () => {
    const names = (pattern: string) => siteDictionaryNames(pattern, site);
    expect(await names("house-3m/mlp1tc")).toEqual(["house-3m/mlp1tc"]);
    expect(await names("house-3m/mlp*tc")).toEqual(["house-3m/mlp0tc", "house-3m/mlp1tc"]);
    expect(await names("house-3m/*")).toHaveLength(3);
    await expect(names("house-3m/mlp.tc")).rejects.toThrow(
      'dictionary: must be one of house-3m/mlp0tc, house-3m/mlp1tc, house-3m/mlp1sae, which this site ships, got "house-3m/mlp.tc"'
    );
    await expect(names("*")).rejects.toThrow(ModelFileError);
  });

  it("has the files of each, and no model of its name", async () => {
    const files = await siteFiles("house-3m/mlp1tc", site);
    expect(new TextDecoder().decode(await files.read("cfg.json"))).toBe("{}");
    await expect(siteFiles("house-3m/mlp9tc", site)).rejects.toThrow(/^dictionary: must be one of/);
    await expect(siteFiles("mlp1tc", site)).rejects.toThrow(/^model: must be one of house-3m,/);
  });
});

describe("modelInfo", () => {
  it("gives size and card before anything large is loaded, and whether a visit is the first", async () => {
    const {site, asked} = host(files());
    expect(await modelInfo("tiny", site)).toEqual({bytes: TOTAL, cached: false, card});
    expect(asked).toEqual(["manifest.json", "model.json"]);
    await loadModel(await siteFiles("tiny", site));
    expect(await modelInfo("tiny", site)).toEqual({bytes: TOTAL, cached: true, card});
  });
});
