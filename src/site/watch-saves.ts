import {realpathSync, statSync, watch} from "node:fs";
import {basename, dirname} from "node:path";

/** Editors write a file in several steps, milliseconds apart. */
const settleMs = 10;
/** A file that is empty or gone for longer than this is meant to be. */
const patienceMs = 250;

/**
 * Calls `saved` after each save of one of some files, once the file is whole again: editors write in
 * place, or empty the file first, or put another file in its place by renaming, or move it away first.
 * A file that stays away is waited for in silence.
 */
export function watchSaves(
  paths: readonly string[],
  saved: (path: string) => void
): {close(): void} {
  const folders = new Map<string, Map<string, string>>();
  for (const path of paths) {
    const folder = realpathSync(dirname(path));
    if (!folders.has(folder)) folders.set(folder, new Map());
    folders.get(folder)!.set(basename(path), path);
  }
  const timers = new Map<string, NodeJS.Timeout>();
  const versions = new Map(paths.map((path) => [path, version(path)]));

  const look = (path: string, since: number) => {
    const now = version(path);
    const isWhole = now !== undefined && now.size > 0;
    if (!isWhole && Date.now() - since < patienceMs) return wait(path, since);
    const before = versions.get(path);
    if (now === undefined || (before?.stamp === now.stamp && before.size === now.size)) return;
    versions.set(path, now);
    saved(path);
  };
  const wait = (path: string, since: number) => {
    clearTimeout(timers.get(path));
    timers.set(
      path,
      setTimeout(() => look(path, since), settleMs)
    );
  };
  const watchers = [...folders].map(([folder, names]) =>
    watch(folder, (_event, name) => {
      const path = name === null ? undefined : names.get(name);
      if (path !== undefined) wait(path, Date.now());
    })
  );
  return {
    close() {
      for (const watcher of watchers) watcher.close();
      for (const timer of timers.values()) clearTimeout(timer);
    }
  };
}

function version(path: string): {readonly size: number; readonly stamp: string} | undefined {
  const found = statSync(path, {throwIfNoEntry: false});
  return found && {size: found.size, stamp: `${found.mtimeMs} ${found.ino}`};
}
