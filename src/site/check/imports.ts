import {createRequire} from "node:module";
import {existsSync} from "node:fs";
import {join, resolve} from "node:path";
import type {Config, Import} from "@observablehq/framework/dist/config.js";
import {findModule} from "@observablehq/framework/dist/javascript/module.js";
import {isNodeBuiltin, resolveNodeImport} from "@observablehq/framework/dist/node.js";
import {resolveNpmImport} from "@observablehq/framework/dist/npm.js";
import {resolvePath} from "@observablehq/framework/dist/path.js";
import {builtins} from "@observablehq/framework/dist/resolvers.js";
import {packageRefusal} from "../substitutes.js";
import {bundleExports, moduleExports} from "./exports.js";
import type {ExportNames} from "./exports.js";
import type {SyntaxNode} from "./syntax.js";

/** What became of an import: a reason why it is not there, or what can be imported from it. */
export interface Resolved {
  readonly missing?: string;
  readonly exports?: ExportNames;
  /** The site path of a module of ours, to be checked in turn. */
  readonly module?: string;
}

/** Resolves imports as a build would, without a network; each package is looked at once. */
export class ImportResolver {
  readonly #config: Config;
  readonly #known = new Map<string, Resolved | Promise<Resolved>>();

  constructor(config: Config) {
    this.#config = config;
  }

  /** @param path the site path of the page or module that imports */
  resolve({name, type}: Import, path: string): Resolved | Promise<Resolved> {
    const key = type === "local" ? resolvePath(path, name) : name;
    let resolved = this.#known.get(key);
    if (resolved === undefined) {
      resolved = type === "local" ? this.#local(key) : this.#global(name);
      this.#known.set(key, resolved);
    }
    return resolved;
  }

  #local(path: string): Resolved {
    const {root, loaders} = this.#config;
    if (!/\.(m|c)?js$/.test(path)) {
      const found = /\.\w+$/.test(path) && loaders.find(path) !== undefined;
      return found ? {} : {missing: `the file ${path} is not there`};
    }
    if (findModule(root, path) === undefined)
      return {missing: `the module ${path} is not below ${root}/`};
    try {
      return {module: path, exports: moduleExports(root, path)};
    } catch {
      return {module: path};
    }
  }

  async #global(name: string): Promise<Resolved> {
    const {root} = this.#config;
    if (/^(https?:)?\/\//.test(name) || name.startsWith("observablehq:") || builtins.has(name))
      return {};
    if (isNodeBuiltin(name)) return {missing: `${name} is a module of Node, which no browser has`};
    const bare = name.replace(/^npm:/, "");
    if (packageName(bare) === "workings")
      return {missing: `pages import Workings as "/src/workings.js", got "${name}"`};
    const refused = packageRefusal(packageName(bare));
    if (refused !== undefined) return {missing: refused};
    const cache = join(root, ".observablehq/cache");
    try {
      if (name.startsWith("npm:")) {
        const file = join(cache, await quietly(() => resolveNpmImport(root, bare)));
        if (existsSync(file)) return {exports: exportsOf(file)};
        return {
          missing: `${name} is not on this machine: npm install ${packageName(bare)}, then import "${bare}"`
        };
      }
      createRequire(resolve(root, "index.js")).resolve(name);
      return {exports: exportsOf(join(cache, await quietly(() => resolveNodeImport(root, name))))};
    } catch (error) {
      return {missing: explain(name, bare, error)};
    }
  }
}

const exportsOf = (file: string): ExportNames =>
  /\.(m|c)?js$/.test(file) && existsSync(file) ? bundleExports(file) : undefined;

const packageName = (specifier: string): string =>
  /^(@[^/]+\/[^/@]+|[^/@]+)/.exec(specifier)?.[0] ?? specifier;

function explain(name: string, bare: string, error: unknown): string {
  const {code, message} = error as NodeJS.ErrnoException;
  if (name.startsWith("npm:") || code === "MODULE_NOT_FOUND")
    return `the package ${packageName(bare)} is not installed: npm install ${packageName(bare)}, then import "${bare}"`;
  return `the package ${name} cannot be bundled for a browser: ${message.split("\n", 1)[0]}`;
}

/** Framework's bundler prints as it goes; a check prints problems only. */
async function quietly<T>(task: () => Promise<T>): Promise<T> {
  const {log, error, warn} = console;
  Object.assign(console, {log: () => {}, error: () => {}, warn: () => {}});
  try {
    return await task();
  } finally {
    Object.assign(console, {log, error, warn});
  }
}

/** The names that one program imports from `source`, with where each stands. */
export function importedNames(
  program: SyntaxNode,
  source: string
): {readonly name: string; readonly offset: number}[] {
  const body = (program.type === "Program" ? program.body : []) as readonly SyntaxNode[];
  return body
    .filter(({type}) => type === "ImportDeclaration" || type === "ExportNamedDeclaration")
    .filter((statement) => (statement.source as {value?: string} | null)?.value === source)
    .flatMap((statement) =>
      (statement.specifiers as readonly SyntaxNode[]).flatMap((specifier) => {
        if (specifier.type === "ImportDefaultSpecifier")
          return [{name: "default", offset: specifier.start}];
        const imported = (
          specifier.type === "ExportSpecifier" ? specifier.local : specifier.imported
        ) as {name?: string; value?: string} | undefined;
        const name = imported?.name ?? imported?.value;
        return name === undefined ? [] : [{name, offset: specifier.start}];
      })
    );
}
