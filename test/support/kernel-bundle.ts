import {build} from "esbuild";
import {fileURLToPath} from "node:url";

/**
 * Bundles `runCases` with every kernel and its cases into `outfile`, and calls it.
 *
 * @param tell A JavaScript expression: a function that takes one verdict as JSON.
 */
export async function bundleCases(outfile: string, tell: string): Promise<void> {
  await build({
    stdin: {
      contents: `import {runCases} from "./run-cases.js";
await runCases((verdict) => (${tell})(JSON.stringify(verdict)));`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url))
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022"
  });
}
