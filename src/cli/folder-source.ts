import {open, stat} from "node:fs/promises";
import {basename, join} from "node:path";
import {ModelFileError} from "../model/model-file-error.js";
import type {ModelFiles} from "../model/model-files.js";

const CHUNK = 1 << 24;

/** A model's files in a folder. */
export const folderFiles = (folder: string): ModelFiles =>
  filesAt(basename(folder), (file) => join(folder, file));

/** A llama2.c model and its tokenizer, two files wherever they are. */
export function llama2cFiles(model: string, tokenizer: string): ModelFiles {
  const paths = new Map([
    ["model.bin", model],
    ["tokenizer.bin", tokenizer]
  ]);
  return filesAt(basename(model), (file) => paths.get(file));
}

function filesAt(name: string, pathOf: (file: string) => string | undefined): ModelFiles {
  return {
    name,
    notices: [],
    async facts(file) {
      const path = pathOf(file);
      const found = path === undefined ? null : await stat(path).catch(() => null);
      return found?.isFile() ? {bytes: found.size, local: true} : null;
    },
    async read(file, onBytes) {
      const path = pathOf(file) ?? file;
      try {
        await using handle = await open(path);
        const bytes = new Uint8Array((await handle.stat()).size);
        for (let at = 0; at < bytes.length;) {
          const {bytesRead} = await handle.read(bytes, at, Math.min(CHUNK, bytes.length - at), at);
          if (bytesRead === 0) throw new Error(`it ended after ${at} of ${bytes.length} bytes`);
          at += bytesRead;
          onBytes?.(at);
        }
        return bytes;
      } catch (error) {
        throw new ModelFileError(`${path}: must be a file to read, ${(error as Error).message}`);
      }
    }
  };
}
