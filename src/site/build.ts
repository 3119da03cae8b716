import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync
} from "node:fs";
import {basename, dirname, join} from "node:path";
import {FileBuildEffects, build} from "@observablehq/framework/dist/build.js";
import {readConfig} from "@observablehq/framework/dist/config.js";
import type {Config} from "@observablehq/framework/dist/config.js";
import {buildSteps} from "./build-steps.js";
import {finishHtml} from "./head.js";
import {forgetLoaded} from "./loaded.js";
import {standAlone} from "./not-found.js";
import {forbidNetwork} from "./offline.js";
import {inspectOutput} from "./output.js";
import type {OutputSummary} from "./output.js";
import {shippedData} from "./project-data.js";
import {seed} from "./seed.js";
import {linkSource} from "./source-link.js";

/**
 * Builds a site into the folder that its configuration names. The old output stays until the new one
 * is whole.
 *
 * @param site defaults to the site of the folder that the process is in
 * @param say hears what each step is, as it begins
 */
export async function buildSite(
  site?: Config,
  say: (sentence: string) => void = () => {}
): Promise<OutputSummary & {readonly output: string}> {
  process.env.OBSERVABLE_TELEMETRY_DISABLE = "true";
  const config = site ?? (await readConfig(undefined));
  linkSource(config.root);
  await seed(config.root, say);
  forgetLoaded(config.root);
  forbidNetwork();
  const output = config.output;
  const fresh = `${output}.${process.pid}.partial`;
  removeAbandoned(output);
  try {
    await build({config: {...config, output: fresh}}, new Effects(fresh, config, say));
    say("… the models and their data, copied …");
    addData(fresh, config);
    writeFileSync(join(fresh, ".nojekyll"), "");
    const summary = inspectOutput(fresh);
    rmSync(output, {recursive: true, force: true});
    renameSync(fresh, output);
    return {output, ...summary};
  } catch (error) {
    rmSync(fresh, {recursive: true, force: true});
    throw error;
  }
}

/** Builds that were killed leave their folder behind; one whose process still runs is left alone. */
function removeAbandoned(output: string): void {
  const [home, name] = [dirname(output), basename(output)];
  for (const entry of existsSync(home) ? readdirSync(home) : []) {
    const pid = new RegExp(`^${name}\\.(\\d+)\\.partial$`).exec(entry)?.[1];
    if (pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid))))
      rmSync(join(home, entry), {recursive: true, force: true});
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function addData(output: string, config: Config): void {
  const {manifest, sources} = shippedData(config);
  for (const [url, path] of sources) {
    mkdirSync(dirname(join(output, url)), {recursive: true});
    copyFileSync(path, join(output, url));
  }
  mkdirSync(join(output, "data"), {recursive: true});
  writeFileSync(join(output, "data/manifest.json"), JSON.stringify(manifest));
}

/** Framework's writer, silent, with pages completed and a module written twice kept once. */
class Effects extends FileBuildEffects {
  readonly #modules = new Map<string, string>();
  readonly #output: string;
  readonly #base: string;

  constructor(output: string, {root, base}: Config, say: (sentence: string) => void) {
    // Framework takes a link with a query for broken; the strict check reads links in full
    const warn = (text: string) => void (/broken links?\b/.test(text) || console.warn(text));
    const logger = {log: () => {}, warn, error: console.error};
    super(output, join(root, ".observablehq/cache"), {logger, output: buildSteps(say)});
    this.#output = output;
    this.#base = base;
  }

  override async prepare(): Promise<void> {}

  override async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    await super.writeFile(
      path,
      typeof content === "string" ? this.#finish(path, content) : content
    );
  }

  /** A package can be asked for as `npm:x` and as `x`: the second copy re-exports the first. */
  #finish(path: string, content: string): string {
    if (path === "/404.html") {
      const read = (file: string) => readFileSync(join(this.#output, file), "utf8");
      return finishHtml(standAlone(content, this.#base, read));
    }
    if (path.endsWith(".html")) return finishHtml(content);
    if (!/^\/_(npm|node)\/.*\.js$/.test(path) || content.length < 1000) return content;
    const first = this.#modules.get(content);
    if (first === undefined) {
      this.#modules.set(content, path);
      return content;
    }
    const up = "../".repeat(path.split("/").length - 2);
    const same = JSON.stringify(up + first.slice(1));
    const hasDefault = /export\s*\{[^}]*\bas default\b[^}]*\}|export default/.test(content);
    return `export * from ${same};\n${hasDefault ? `export {default} from ${same};\n` : ""}`;
  }
}
