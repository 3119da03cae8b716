import {readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import {describe, expect, it} from "vitest";

/** Each folder of src, and the folders that it may import from. */
const layers: Readonly<Record<string, readonly string[]>> = {
  gpu: [],
  kernels: ["gpu"],
  autodiff: ["kernels", "gpu"],
  corpus: ["model"],
  model: ["autodiff", "kernels", "gpu"],
  tables: ["model", "kernels"],
  recording: ["tables", "corpus", "model", "kernels"],
  training: ["model", "kernels", "gpu"],
  fit: [],
  papers: [
    "training",
    "fit",
    "recording",
    "model",
    "tables",
    "autodiff",
    "kernels",
    "gpu",
    "corpus"
  ],
  worker: ["papers", "training", "model", "tables", "autodiff", "kernels", "gpu"],
  components: ["worker", "recording", "training", "tables", "model"],
  site: [],
  cli: [
    "site",
    "worker",
    "papers",
    "recording",
    "training",
    "tables",
    "model",
    "autodiff",
    "kernels",
    "gpu",
    "corpus"
  ]
};

/** Packages whose values are imported in one folder, or in one file, only. */
const owners: Readonly<Record<string, RegExp>> = {
  "webgpu-utils": /^src\/gpu\//,
  webgpu: /^src\/cli\/dawn\.ts$/,
  "@jax-js/jax": /^src\/model\/jax\.ts$/,
  "@duckdb/duckdb-wasm": /^src\/tables\/(node-)?duckdb\.ts$/,
  "@observablehq/duckdb": /^src\/tables\/duckdb\.ts$/,
  "apache-arrow": /^src\/tables\/arrow\.ts$/,
  arquero: /^src\/tables\/arquero\.ts$/,
  hyparquet: /^src\/tables\//,
  "@huggingface/hub": /^src\/model\/hub\/hub-model\.ts$/,
  "@huggingface/tokenizers": /^src\/model\/hugging-face-tokenizer\.ts$/,
  "js-yaml": /^src\/model\/dictionaries\/yaml\.ts$/,
  "@petamoriken/float16": /^src\/model\//,
  comlink: /^src\/worker\//,
  vega: /^src\/components\/vega-chart\.ts$/,
  "vega-lite": /^src\/components\/vega-chart\.ts$/,
  "vega-embed": /^src\/components\/vega-chart\.ts$/,
  "playwright-core": /^src\/site\/chromium\.ts$/,
  "@observablehq/framework": /^src\/site\//,
  esbuild: /^src\/(site\/|cli\/receipt\.ts$)/,
  commander: /^src\/cli\//
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly isType: boolean;
}

const files = readdirSync("src", {recursive: true, encoding: "utf8"})
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .map((name) => join("src", name));

const imports = files.flatMap((file): Import[] => {
  const code = readFileSync(file, "utf8").replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  const pattern =
    /^(?:import|export)(\s+type)?\b[^;"']*?\bfrom\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
  return Array.from(code.matchAll(pattern), ([, type, from, dynamic]) => ({
    file,
    from: from ?? dynamic,
    isType: type !== undefined
  }));
});

const layerOf = (file: string): string => file.split("/")[1];
const packageOf = (from: string): string => /^(?:npm:)?(@[^/]+\/[^/]+|[^/]+)/.exec(from)![1];

describe("src", () => {
  it("has a layer for every folder", () => {
    const folders = new Set(files.filter((file) => file.split("/").length > 2).map(layerOf));
    expect([...folders].filter((folder) => !(folder in layers))).toEqual([]);
  });

  it("imports from the layers below only, types included", () => {
    const wrong = imports
      .filter(({file, from}) => from.startsWith(".") && layerOf(file) in layers)
      .map(({file, from}) => ({file, layer: layerOf(file), target: join(file, "..", from)}))
      .filter(({target}) => target.startsWith("src/") && target.split("/").length > 2)
      .map(({file, layer, target}) => ({file, layer, to: layerOf(target)}))
      .filter(({layer, to}) => to !== layer && !layers[layer].includes(to))
      .map(({file, to}) => `${file} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it("imports the values of each package in one place", () => {
    const wrong = imports
      .filter(({from, isType}) => !isType && !/^(\.|node:)/.test(from))
      .filter(({file, from}) => !(owners[packageOf(from)]?.test(file) ?? false))
      .map(({file, from}) => `${file} imports ${from}`);
    expect(wrong).toEqual([]);
  });
});
