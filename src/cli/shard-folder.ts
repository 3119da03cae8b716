import {existsSync, mkdirSync, readdirSync} from "node:fs";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import type {ShardStore} from "../recording/record.js";
import {writeFileAtomic} from "../site/atomic.js";

/** Shards in a folder below `home`, one for each thing that is recorded: its `key` is of all that makes the rows. */
export function shardFolder(home: string, key: string): ShardStore {
  const folder = join(home, key);
  mkdirSync(folder, {recursive: true});
  return {
    list: () => Promise.resolve(existsSync(folder) ? readdirSync(folder) : []),
    read: (name) => readFile(join(folder, name)),
    write: (name, bytes) => Promise.resolve(writeFileAtomic(join(folder, name), bytes))
  };
}
