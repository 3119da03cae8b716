import {createHash} from "node:crypto";
import {existsSync, readFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {projectFolder} from "./packages.js";

interface Entry {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly [field: string]: unknown;
}

interface Lock {
  /** By place, such as `node_modules/d3`; the project itself is "". */
  readonly packages: Readonly<Record<string, Entry>>;
}

/**
 * The lock file of a project that depends on this package alone: the versions that the package is
 * tested with, from the lock file of the checkout or of the project where the package is installed.
 *
 * @param tarball the packed package, in the project's folder
 * @returns undefined where there is no such lock file; npm then chooses versions
 */
export function projectLock(name: string, tarball: string, content: Uint8Array) {
  const lock = readLock();
  const own = readJson(join(projectFolder, "package.json")) as Entry;
  const place = lock && "node_modules/workings" in lock.packages ? "node_modules/workings" : "";
  const found = lock && reachable(lock, own, place);
  if (found === undefined) return undefined;
  const resolved = `file:${tarball}`;
  const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
  const {version, license, dependencies, bin, engines} = own;
  const workings = {version, resolved, integrity, license, dependencies, bin, engines};
  const entries = Object.entries({...found, "node_modules/workings": workings});
  return {
    name,
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": {name, dependencies: {workings: resolved}},
      ...Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, "en")))
    }
  };
}

function readLock(): Lock | undefined {
  const places = [projectFolder, dirname(dirname(projectFolder))];
  const file = places.map((place) => join(place, "package-lock.json")).find(existsSync);
  const lock = file === undefined ? undefined : (readJson(file) as Partial<Lock>);
  return lock?.packages && {packages: lock.packages};
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));

/** All that a package needs, without marks of what only its own development needs. */
function reachable({packages}: Lock, own: Entry, place: string): Record<string, Entry> | undefined {
  const found: Record<string, Entry> = {};
  const queue: [string, Entry][] = [[place, own]];
  for (const [from, entry] of queue) {
    const {dependencies, optionalDependencies, peerDependencies} = entry;
    const required = Object.keys(dependencies ?? {});
    for (const name of Object.keys({
      ...dependencies,
      ...optionalDependencies,
      ...peerDependencies
    })) {
      const at = resolvePlace(packages, from, name);
      if (at === undefined && required.includes(name)) return undefined;
      if (at === undefined || at in found) continue;
      const kept = {...packages[at]};
      if (kept.devOptional) kept.optional = true;
      delete kept.dev;
      delete kept.devOptional;
      found[at] = kept;
      queue.push([at, packages[at]]);
    }
  }
  return found;
}

/** Where Node finds a package: in the nearest `node_modules` at or above a place. */
function resolvePlace(packages: Lock["packages"], from: string, name: string): string | undefined {
  for (
    let place = from;
    ;
    place = place.slice(0, Math.max(0, place.lastIndexOf("/node_modules/")))
  ) {
    const at = `${place === "" ? "" : `${place}/`}node_modules/${name}`;
    if (at in packages) return at;
    if (place === "") return undefined;
  }
}
