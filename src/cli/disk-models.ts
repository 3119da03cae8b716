import {constants} from "node:fs";
import {mkdir, open, readdir, rename, rm, stat, statfs} from "node:fs/promises";
import {homedir} from "node:os";
import {dirname, join} from "node:path";
import type {KeptModels, PartialFile} from "../model/hub/kept-models.js";
import {folderFiles} from "./folder-source.js";

/** What is not whole ends like this. */
const PART = ".part";

/** Where models from a hub are kept: `$XDG_CACHE_HOME/workings/models`, or the same below `~/.cache`. */
export const modelsFolder = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "workings", "models");

/** Models in a folder on disk. Each folder in it is one that `--model` takes, once its files are whole. */
export function openDiskModels(top = modelsFolder()): KeptModels {
  const place = (name: string) => join(top, encodeURIComponent(name));
  return {
    async list() {
      const names = await readdir(top).catch(() => []);
      return Promise.all(
        names.map(async (name) => {
          const files = await readdir(join(top, name));
          const sizes = await Promise.all(files.map((file) => stat(join(top, name, file))));
          const bytes = sizes.reduce((sum, {size}) => sum + size, 0);
          return {name: decodeURIComponent(name), bytes};
        })
      );
    },
    folder: (name) => ({
      files: folderFiles(place(name)),
      partial: (file) => openPart(join(place(name), file))
    }),
    remove: (name) => rm(place(name), {recursive: true, force: true}),
    async room() {
      await mkdir(top, {recursive: true});
      const {bavail, bsize} = await statfs(top);
      return bavail * bsize;
    }
  };
}

async function openPart(path: string): Promise<PartialFile> {
  await mkdir(dirname(path), {recursive: true});
  // two commands that load one model write the same bytes to the same places
  const handle = await open(path + PART, constants.O_RDWR | constants.O_CREAT);
  let [{size: bytes}, isOpen] = [await handle.stat(), true];
  const close = async (): Promise<void> => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    get bytes() {
      return bytes;
    },
    async read(start, end) {
      const into = new Uint8Array(end - start);
      const {bytesRead} = await handle.read(into, 0, into.length, start);
      return into.subarray(0, bytesRead);
    },
    async write(part) {
      // what another command put there is the same, and of a file that it has finished nothing may change
      const {size} = await handle.stat();
      let at = Math.min(part.length, Math.max(0, size - bytes));
      bytes += at;
      while (at < part.length) {
        const {bytesWritten} = await handle.write(part, at, part.length - at, bytes);
        at += bytesWritten;
        bytes += bytesWritten;
      }
    },
    close,
    async finish() {
      await handle.sync();
      await close();
      const isThere = () => stat(path).then(Boolean, () => false);
      if (await isThere()) return rm(path + PART, {force: true});
      await rename(path + PART, path).catch(async (error: unknown) => {
        if (!(await isThere())) throw error;
      });
    },
    async discard() {
      await close();
      await rm(path + PART, {force: true});
    }
  };
}
