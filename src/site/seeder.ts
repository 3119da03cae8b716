import {createHash} from "node:crypto";
import {cpSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import {build} from "esbuild";
import type {BuildOptions, Plugin} from "esbuild";
import {packageFolder, packageVersion, projectFolder} from "./packages.js";
import {packageRefusal, substitutes} from "./substitutes.js";

/** Framework 1.13.4 asks for this version of DuckDB whatever is installed. */
const frameworkDuckdb = "1.29.0";

/** Packages that share one bundle, under the first one's name. */
export const vegaFamily = ["vega", "vega-lite", "vega-lite-api", "vega-embed"];

/** Writes packages where Framework looks for them: `_npm/<name>@<v>/_esm.js`, `_node/…/index.js`. */
export class Seeder {
  readonly #folder: string;
  readonly #entry: string;
  readonly #kind: "_npm" | "_node";

  constructor(folder: string, kind: "_npm" | "_node") {
    this.#folder = folder;
    this.#kind = kind;
    this.#entry = kind === "_npm" ? "_esm.js" : "index.js";
  }

  async bundle(
    name: string,
    contents = `export * from "${name}"`,
    options: BuildOptions = {}
  ): Promise<void> {
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
      ...options
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
    const code = readFileSync(new URL("duckdb-page.js", import.meta.url), "utf8");
    const define = {WASM_VERSION: JSON.stringify(version)};
    await this.bundle(name, code, {define, plugins: [this.#sharedArrow()]});
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
      setup: (bundler) =>
        bundler.onResolve({filter: /^apache-arrow$/}, () => ({path, external: true}))
    };
  }
}
