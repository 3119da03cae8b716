import {createRequire} from "node:module";
import {dirname, join} from "node:path";

const targets: Readonly<Record<string, string>> = {
  "linux-x64": "linux-x64-glibc",
  "linux-arm64": "linux-arm64-glibc",
  "darwin-x64": "darwin-x64",
  "darwin-arm64": "darwin-arm64",
  "win32-x64": "win32-x64"
};

/** The path of npm `deno`'s binary, found in its platform package: no install script is needed. */
export function denoPath(): string {
  const platform = `${process.platform}-${process.arch}`;
  const target = targets[platform];
  if (target === undefined) throw new Error(`deno: no binary is published for ${platform}`);
  const fromDeno = createRequire(createRequire(import.meta.url).resolve("deno/package.json"));
  const home = dirname(fromDeno.resolve(`@deno/${target}/package.json`));
  return join(home, process.platform === "win32" ? "deno.exe" : "deno");
}
