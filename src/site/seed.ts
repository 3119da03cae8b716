import {createHash} from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";
import {gzipSync} from "node:zlib";
import {build} from "esbuild";
import type {Plugin} from "esbuild";
import {cacheFolder} from "../../bin/unpack.js";
import {packageFolder, packageVersion, projectFolder} from "./packages.js";
import {packageRefusal, substitutes} from "./substitutes.js";

/** Framework 1.13.4 asks for this version of DuckDB whatever is installed. */
const frameworkDuckdb = "1.29.0";

/** Packages that are one esbuild bundle each, for `npm:` and for bare imports alike. */
const bundled = [
  ...["@huggingface/tokenizers", "@observablehq/plot", "@petamoriken/float16", "apache-arrow"],
  ...["arquero", "comlink", "d3", "d3-dsv", "htl", "hyparquet", "isoformat", "webgpu-utils"]
];

/** Packages that share one bundle, under the first one's name. */
const vegaFamily = ["vega", "vega-lite", "vega-lite-api", "vega-embed"];

/**
 * Fills Framework's package cache from node_modules, so that a build or a preview finds every
 * built-in without a network. Does nothing when the lock file and this recipe have not changed.
 *
 * @param root the folder of pages, usually `docs`
 * @returns whether anything was written
 */
export async function seed(root: string): Promise<boolean> {
  const cache = join(root, ".observablehq/cache");
  const stamp = join(cache, "seed");
  const recipe = recipeHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === recipe) return false;
  const store = join(cacheFolder(), `seed-${recipe.slice(0, 16)}`);
  if (!existsSync(store)) await replaceFolder(store, fillStore);
  await replaceFolder(cache, (folder) => {
    cpSync(store, folder, {recursive: true});
    writeFileSync(join(folder, "seed"), recipe);
  });
  return true;
}

/** Puts what `fill` writes in place of `folder`, whole or not at all. */
async function replaceFolder(
  folder: string,
  fill: (fresh: string) => void | Promise<void>
): Promise<void> {
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, {recursive: true, force: true});
  mkdirSync(fresh, {recursive: true});
  await fill(fresh);
  rmSync(folder, {recursive: true, force: true});
  renameSync(fresh, folder);
}

async function fillStore(folder: string): Promise<void> {
  const npm = new Seeder(join(folder, "_npm"), "_npm");
  const node = new Seeder(join(folder, "_node"), "_node");
  for (const seeder of [npm, node]) {
    await Promise.all(bundled.map((name) => seeder.bundle(name)));
    await seeder.vega();
    await seeder.duckdb();
  }
  await npm.bundle("katex", `export {default} from "katex"`);
  npm.katexFiles();
  npm.refusals();
  await node.bundle("@jax-js/jax");
}

function recipeHash(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const hash = createHash("sha256");
  const lock = join(projectFolder, "package-lock.json");
  for (const file of [lock, ...["seed.ts", "substitutes.ts"].map((name) => join(here, name))])
    hash.update(readFileSync(file));
  return hash.digest("hex");
}

/** Writes packages where Framework looks for them: `_npm/<name>@<v>/_esm.js`, `_node/…/index.js`. */
class Seeder {
  readonly #folder: string;
  readonly #entry: string;
  readonly #kind: "_npm" | "_node";

  constructor(folder: string, kind: "_npm" | "_node") {
    this.#folder = folder;
    this.#kind = kind;
    this.#entry = kind === "_npm" ? "_esm.js" : "index.js";
  }

  async bundle(name: string, code?: string, plugins: Plugin[] = []): Promise<void> {
    const contents = code ?? `export * from "${name}"`;
    await build({
      stdin: {contents, resolveDir: projectFolder},
      outfile: join(this.#path(name), this.#entry),
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      legalComments: "none",
      // some packages carry a tsconfig that extends a missing parent
      tsconfigRaw: "{}",
      logLevel: "error",
      plugins
    });
  }

  async vega(): Promise<void> {
    const spaces = vegaFamily.slice(1).map((name) => [name, name.replaceAll("-", "_")] as const);
    const code = spaces.map(([name, space]) => `export * as ${space} from "${name}";`);
    await this.bundle("vega", [`export * from "vega";`, ...code].join("\n"));
    const home = `../vega@${packageVersion("vega")}/${this.#entry}`;
    for (const [name, space] of spaces) {
      const names = Object.keys((await import(name)) as object);
      const lines = names.map((key) =>
        key === "default"
          ? `export default ${space}.default;`
          : `const $${key} = ${space}.${key}; export {$${key} as ${key}};`
      );
      this.#write(name, `import {${space}} from "${home}";\n${lines.join("\n")}\n`);
    }
  }

  /**
   * DuckDB with its wasm compressed, ranges on, both of Arrow's formats read, and no extension
   * fetched from its vendor.
   */
  async duckdb(): Promise<void> {
    const name = "@duckdb/duckdb-wasm";
    const source = join(packageFolder(name), "dist");
    const wasm = gzipSync(readFileSync(join(source, "duckdb-eh.wasm")), {level: 9});
    const version = createHash("sha256").update(wasm).digest("hex").slice(0, 8);
    const dist = join(this.#path(name), "dist");
    mkdirSync(dist, {recursive: true});
    writeFileSync(join(dist, "duckdb-eh.wasm"), wasm);
    cpSync(join(source, "duckdb-browser-eh.worker.js"), join(dist, "duckdb-browser-eh.worker.js"));
    for (const unused of ["duckdb-mvp.wasm", "duckdb-browser-mvp.worker.js"])
      writeFileSync(join(dist, unused), "");
    await this.bundle(name, duckdbEntry(version), [this.#sharedArrow()]);
  }

  katexFiles(): void {
    const source = join(packageFolder("katex"), "dist");
    const dist = join(this.#path("katex"), "dist");
    cpSync(join(source, "katex.min.css"), join(dist, "katex.min.css"));
    cpSync(join(source, "fonts"), join(dist, "fonts"), {recursive: true});
  }

  /** A module that throws its one sentence, for each package that is not part of the project. */
  refusals(): void {
    for (const {packages, files = []} of substitutes) {
      for (const [name, exports] of Object.entries(packages)) {
        const named = exports.map((key) =>
          key === "default" ? "export default undefined;" : `export const ${key} = undefined;`
        );
        const sentence = JSON.stringify(packageRefusal(name));
        this.#write(name, `${named.join("\n")}\nthrow new Error(${sentence});\n`, "0.0.0");
      }
      for (const file of files) {
        const [, name, path] = /^(@[^/]+\/[^/]+|[^/]+)\/(.*)$/.exec(file)!;
        this.#write(name, "", "0.0.0", path);
      }
    }
    // looked up by Framework whether or not the page searches
    this.#write("minisearch", "", "0.0.0");
    for (const name of ["@observablehq/inputs", "@observablehq/tex", "@observablehq/duckdb"])
      this.#write(name, "", "0.0.0");
  }

  #path(name: string, version = this.#version(name)): string {
    return join(this.#folder, `${name}@${version}`);
  }

  #version(name: string): string {
    const isDuckdb = name === "@duckdb/duckdb-wasm" && this.#kind === "_npm";
    return isDuckdb ? frameworkDuckdb : packageVersion(name);
  }

  #write(name: string, content: string, version?: string, path = this.#entry): void {
    const file = join(this.#path(name, version), path);
    mkdirSync(dirname(file), {recursive: true});
    writeFileSync(file, content);
  }

  #sharedArrow(): Plugin {
    const path = `../../apache-arrow@${packageVersion("apache-arrow")}/${this.#entry}`;
    return {
      name: "shared-arrow",
      setup: ({onResolve}) => onResolve({filter: /^apache-arrow$/}, () => ({path, external: true}))
    };
  }
}

const duckdbEntry = (version: string): string => `
export * from "@duckdb/duckdb-wasm";
import {AsyncDuckDB as Base, AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import {tableFromIPC, tableToIPC} from "apache-arrow";
const {insertArrowFromIPCStream} = AsyncDuckDBConnection.prototype;
AsyncDuckDBConnection.prototype.insertArrowFromIPCStream = function (buffer, options) {
  const isFile = new TextDecoder().decode(buffer.subarray(0, 6)) === "ARROW1";
  const stream = isFile ? tableToIPC(tableFromIPC(buffer), "stream") : buffer;
  return insertArrowFromIPCStream.call(this, stream, options);
};
export class AsyncDuckDB extends Base {
  async instantiate(url, pthread) {
    const response = await fetch(url + "?${version}");
    if (!response.ok) throw new Error("DuckDB: " + url + " must be served, got status " + response.status);
    const packed = new Uint8Array(await response.arrayBuffer());
    const isPacked = packed[0] === 0x1f && packed[1] === 0x8b;
    const stream = new Blob([packed]).stream();
    const body = isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
    const blob = await new Response(body, {headers: {"content-type": "application/wasm"}}).blob();
    const local = URL.createObjectURL(blob);
    try { return await super.instantiate(local, pthread); } finally { URL.revokeObjectURL(local); }
  }
  async open(config = {}) {
    await super.open({...config, filesystem: {forceFullHTTPReads: false, ...config.filesystem}});
    const connection = await this.connect();
    try {
      await connection.query("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false");
    } finally { await connection.close(); }
  }
}`;
