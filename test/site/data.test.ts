import {createHash} from "node:crypto";
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {loadCheckpoint} from "../../src/cli/model.js";
import {siteRoot} from "../../src/model/site-root.js";
import {modelNames, siteData} from "../../src/site/data.js";

const folder = mkdtempSync(join(tmpdir(), "data-"));
const model = join(folder, "models/tiny");
afterAll(() => rmSync(folder, {recursive: true}));

describe("siteData", () => {
  it("is empty where there are no models", () => {
    expect(siteData(folder)).toEqual({
      manifest: {models: {}, dictionaries: {}, features: {}},
      sources: new Map()
    });
  });

  it("lists each model's files with size, hash and an address that changes with them", () => {
    mkdirSync(model, {recursive: true});
    writeFileSync(join(model, "config.json"), "{}");
    writeFileSync(join(model, "model.safetensors"), "");
    writeFileSync(join(model, "tokenizer.json.123.partial"), "half");
    const address = (name: string, extension: string, content: string) => {
      const sha256 = createHash("sha256").update(content).digest("hex");
      const url = `data/tiny/${name}.${sha256.slice(0, 8)}.${extension}`;
      return {url, bytes: content.length, sha256};
    };
    const config = address("config", "json", "{}");
    const weights = address("model", "safetensors", "");
    const {manifest, sources} = siteData(folder);
    expect(manifest).toEqual({
      models: {tiny: {files: {"config.json": config, "model.safetensors": weights}}},
      dictionaries: {},
      features: {}
    });
    expect([...sources]).toEqual([
      [config.url, join(model, "config.json")],
      [weights.url, join(model, "model.safetensors")]
    ]);
    writeFileSync(join(model, "config.json"), "{ }");
    expect([...siteData(folder).sources.keys()]).toEqual([
      address("config", "json", "{ }").url,
      weights.url
    ]);
  });

  it("lists the files of folders in a model's folder by their path, but none half-written", () => {
    mkdirSync(join(model, "checkpoints/.cache"), {recursive: true});
    writeFileSync(join(model, "checkpoints/step-16.safetensors"), "early");
    writeFileSync(join(model, "checkpoints/step-40.safetensors.part"), "ear");
    writeFileSync(join(model, "checkpoints/.cache/step-16.safetensors"), "hidden");
    const sha256 = createHash("sha256").update("early").digest("hex");
    const url = `data/tiny/checkpoints/step-16.${sha256.slice(0, 8)}.safetensors`;
    const {manifest, sources} = siteData(folder);
    const {files} = manifest.models.tiny;
    expect(Object.keys(files)).toEqual([
      "checkpoints/step-16.safetensors",
      "config.json",
      "model.safetensors"
    ]);
    expect(files["checkpoints/step-16.safetensors"]).toEqual({url, bytes: 5, sha256});
    expect(sources.get(url)).toBe(join(model, "checkpoints/step-16.safetensors"));
  });
});

it("lists dictionaries by their model and name, of those with weights", () => {
  const home = join(folder, "dictionaries/tiny");
  for (const [name, files] of Object.entries({
    mlp0tc: ["cfg.json", "sae_weights.safetensors"],
    half: ["cfg.json"]
  })) {
    mkdirSync(join(home, name), {recursive: true});
    for (const file of files) writeFileSync(join(home, name, file), "{}");
  }
  writeFileSync(join(home, "training.json"), "{}");
  const {manifest, sources} = siteData(folder);
  expect(Object.keys(manifest.dictionaries)).toEqual(["tiny/mlp0tc"]);
  const {files} = manifest.dictionaries["tiny/mlp0tc"];
  expect(Object.keys(files)).toEqual(["cfg.json", "sae_weights.safetensors"]);
  expect(files["cfg.json"].url).toMatch(/^data\/tiny\/mlp0tc\/cfg\.[0-9a-f]{8}\.json$/);
  expect(sources.get(files["cfg.json"].url)).toBe(join(home, "mlp0tc/cfg.json"));
});

it("is no model without its weights, for pages and the command line alike", async () => {
  for (const [name, files] of Object.entries({
    recipe: ["training.json"],
    half: ["config.json", "model.safetensors.part"],
    whole: ["config.json", "model.safetensors"],
    early: ["config.json", "checkpoints/step-16.safetensors"]
  })) {
    mkdirSync(join(folder, "other", name, "checkpoints"), {recursive: true});
    for (const file of files) writeFileSync(join(folder, "other", name, file), "");
  }
  expect(modelNames(join(folder, "other"))).toEqual(["early", "whole"]);

  const names = Object.keys(siteData("data").manifest.models);
  expect(names).toContain("house-1m");
  expect(names).toEqual(modelNames("data/models"));
  await expect(loadCheckpoint({model: "none"})).rejects.toThrow(
    `--model: must be ${names.join(", ")}, a folder, a .gguf or a .bin file, got "none"`
  );
});

describe("siteRoot", () => {
  it("is the folder above _import, wherever the site is and whichever module asks", () => {
    const root = (module: string) => siteRoot(module).href;
    expect(root("https://example.org/_import/src/model/site-root.0a1b2c3d.js")).toBe(
      "https://example.org/"
    );
    expect(root("http://127.0.0.1:3000/a/_import/src/b/_import/src/model/site-root.js?sha=1")).toBe(
      "http://127.0.0.1:3000/a/_import/src/b/"
    );
  });

  it("says that there is none in Node", () => {
    expect(() => siteRoot()).toThrow(/^siteRoot: module must be part of a site, got file:/);
  });
});

it("lists recordings by their model, of those that are whole", () => {
  for (const [name, file] of [
    ["tiny", "recording.json"],
    ["half", "index.json"]
  ]) {
    mkdirSync(join(folder, "features", name, "mlp0tc"), {recursive: true});
    writeFileSync(join(folder, "features", name, file), "{}");
    writeFileSync(join(folder, "features", name, "mlp0tc/0.bin.gz"), "");
  }
  const {features} = siteData(folder).manifest;
  expect(Object.keys(features)).toEqual(["tiny"]);
  expect(features.tiny.files["mlp0tc/0.bin.gz"].url).toMatch(
    /^data\/features\/tiny\/mlp0tc\/0\.bin\.[0-9a-f]{8}\.gz$/
  );
});
