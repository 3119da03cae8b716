import {createHash} from "node:crypto";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {folderFiles} from "../../src/cli/folder-source.js";
import {loadCheckpoint} from "../../src/cli/model.js";
import type {Backend} from "../../src/model/backend.js";
import type {Checkpoint} from "../../src/model/checkpoint.js";
import {openDictionaries} from "../../src/model/dictionaries/open.js";
import type {Dictionary} from "../../src/model/dictionary.js";
import {inMemory} from "../../src/model/lazy-tensor.js";
import {openWasm} from "../../src/model/wasm-backend.js";
import type {RecordedCorpus} from "../../src/recording/corpus.js";
import {dictionaryRecord} from "../../src/recording/dictionary-record.js";
import {readFeatures} from "../../src/recording/read-features.js";
import {recipeCorpus} from "../../src/recording/recipe.js";
import {readShards, recordShards, type ShardStore} from "../../src/recording/record.js";
import {recordColumns, type Recording} from "../../src/recording/record-tables.js";
import {shardCount} from "../../src/recording/shard.js";
import {recordSchema, type RecordTable} from "../../src/tables/schema.js";

let checkpoint: Checkpoint;
let backend: Backend;
let dictionaries: readonly Dictionary[];
let corpus: RecordedCorpus;

beforeAll(async () => {
  const loaded = await loadCheckpoint({model: "house-300k"});
  checkpoint = {...loaded, weights: inMemory(loaded.weights)};
  const {config, weights, tokenizer} = checkpoint;
  backend = await openWasm(config, weights);
  ({dictionaries} = await openDictionaries(
    folderFiles("test/fixtures/dictionaries/mlp1tc"),
    config
  ));
  const recipe = {generated: {train: 2600, heldout: 1800}, seed: 1};
  corpus = await recipeCorpus(recipe, tokenizer, 48, () => Promise.reject(new Error("no file")));
});

afterAll(() => backend.dispose());

/** Shards in memory; `most` writes are done, the next one fails. */
function memoryStore(files = new Map<string, Uint8Array>(), most = Infinity): ShardStore {
  let written = 0;
  return {
    list: () => Promise.resolve([...files.keys()]),
    read: (name) => Promise.resolve(files.get(name)!),
    write: (name, bytes) => {
      if (++written > most) return Promise.reject(new Error("the disk is full"));
      files.set(name, bytes);
      return Promise.resolve();
    }
  };
}

/** A hash of the sorted rows of every table. */
async function rowsOf(store: ShardStore): Promise<Record<string, string>> {
  const {config, weights, tokenizer} = checkpoint;
  const records = [];
  for (const dictionary of dictionaries)
    records.push(
      dictionaryRecord(dictionary, await readShards(store, dictionary, corpus), {
        ...{corpus, config, weights}
      })
    );
  const recording: Recording = {corpus, records, edges: [], text: (id) => tokenizer.token(id)};
  return Object.fromEntries(
    (Object.keys(recordSchema) as RecordTable[]).map((name) => {
      const columns = recordColumns[name](recording) as unknown[][];
      const rows = (columns[0] ?? []).map((_, i) => JSON.stringify(columns.map((c) => c[i])));
      return [name, createHash("sha256").update(rows.sort().join("\n")).digest("hex")];
    })
  );
}

describe("recordShards(backend, dictionaries, corpus, store)", () => {
  it("gives the same rows twice, also where the first run was interrupted", async () => {
    const whole = memoryStore();
    await recordShards(backend, dictionaries, corpus, whole);
    expect(shardCount(corpus)).toBeGreaterThan(1);
    const files = new Map<string, Uint8Array>();
    const broken = recordShards(backend, dictionaries, corpus, memoryStore(files, 1));
    await expect(broken).rejects.toThrow("the disk is full");
    expect(files.size).toBe(1);
    const passes: number[] = [];
    await recordShards(backend, dictionaries, corpus, memoryStore(files), (n) => passes.push(n));
    expect(passes).toHaveLength(shardCount(corpus) - 1);
    const rows = await rowsOf(whole);
    expect(await rowsOf(memoryStore(files))).toEqual(rows);
    expect(new Set(Object.values(rows)).size).toBeGreaterThan(6);
    const other = [...files][0];
    files.set(other[0], flipped(other[1]));
    expect(await rowsOf(memoryStore(files))).not.toEqual(rows);
  }, 120_000);

  it("chooses the features that the backend's own top-k chooses", async () => {
    const windows = [0, 1].map((w) => Array.from(corpus.tokens.subarray(48 * w, 48 * (w + 1))));
    const [dictionary] = dictionaries;
    const fired = (await readFeatures(backend, dictionaries, windows)).get(dictionary.name)!;
    const {features} = await backend.forward({
      ...{tokens: windows, sites: [], edits: [], logits: "none", top: 0, lens: 0},
      dictionaries: {dictionaries, splice: new Map(), edits: []}
    });
    const {starts, indices, values} = features!.get(dictionary.name)!;
    expect([...fired.starts]).toEqual([...starts]);
    expect([...fired.features]).toEqual([...indices]);
    expect(fired.values.every((v, i) => Math.abs(v - values[i]) <= 1e-4 * (1 + v))).toBe(true);
  });
});

/** A shard whose first value is another. */
function flipped(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const values = new Float32Array(copy.buffer, copy.length - 4, 1);
  values[0] += 1;
  return copy;
}
