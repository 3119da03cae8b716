import {createHash} from "node:crypto";
import {mkdirSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";

/** What a model's card says of one file. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a file below a folder. */
export function put(folder: string, file: string, bytes: Uint8Array): FileFacts {
  const path = join(folder, file);
  mkdirSync(dirname(path), {recursive: true});
  writeFileSync(path, bytes);
  return {bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex")};
}

export const putJson = (folder: string, file: string, value: unknown): FileFacts =>
  put(folder, file, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
