import {createHash} from "node:crypto";
import {existsSync, mkdirSync, renameSync, rmSync, writeFileSync} from "node:fs";
import {dirname, join} from "node:path";
import {gzipSync} from "node:zlib";
import {siteLayer} from "../model/sites.js";
import {featuresFile, indexFile, placesFile} from "../recording/feature-files.js";
import type {FeatureIndex} from "../recording/feature-index.js";
import {SHARD_FEATURES} from "../recording/feature-lengths.js";
import {recordColumns, type Recording} from "../recording/record-tables.js";
import {arrowStream} from "../tables/arrow.js";
import {databaseOf} from "../tables/database-file.js";
import {packColumns} from "../tables/packed-columns.js";
import {type RecordTable, recordSchema} from "../tables/schema.js";

/** What was recorded, of what, and hashes to compare two recordings by. */
export interface RecordingCard {
  readonly model: string;
  /** sha256 of the model's weights. */
  readonly weights: string;
  readonly corpus: string;
  readonly tokens: number;
  readonly threshold: number;
  readonly dictionaries: readonly string[];
  /** sha256 of each table's rows in the order of their keys. */
  readonly tables: Readonly<Record<string, {readonly rows: number; readonly sha256: string}>>;
  /** Of all files. */
  readonly bytes: number;
}

interface About {
  readonly model: string;
  readonly weights: string;
  readonly corpus: string;
  readonly threshold: number;
  /** The text of each token. */
  readonly vocabulary: readonly string[];
}

/** Writes a recording into a folder, in place of what was there, once all of it is written. */
export async function writeRecording(
  out: string,
  recording: Recording,
  {vocabulary, ...about}: About
): Promise<RecordingCard> {
  const fresh = `${out}.${process.pid}.partial`;
  let bytes = 0;
  const write = (name: string, content: Uint8Array | string) => {
    mkdirSync(dirname(join(fresh, name)), {recursive: true});
    writeFileSync(join(fresh, name), content);
    bytes += content.length;
  };
  try {
    const {tables, streams} = await tablesOf(recording);
    write("tables.duckdb", await databaseOf(streams));
    writePageFiles(recording, vocabulary, about.model, write);
    const card: RecordingCard = {
      ...about,
      tokens: recording.corpus.tokens.length,
      dictionaries: recording.records.map(({dictionary}) => dictionary.name),
      tables,
      bytes
    };
    write("recording.json", `${JSON.stringify(card, null, 2)}\n`);
    if (existsSync(out)) rmSync(out, {recursive: true});
    renameSync(fresh, out);
    return card;
  } finally {
    rmSync(fresh, {recursive: true, force: true});
  }
}

async function tablesOf(recording: Recording) {
  const tables: Record<string, {rows: number; sha256: string}> = {};
  const streams: [string, Uint8Array][] = [];
  for (const name of Object.keys(recordSchema) as RecordTable[]) {
    const columns = recordColumns[name](recording);
    const rows = columns.length === 0 ? 0 : (columns[0] as readonly unknown[]).length;
    const {columns: schema} = recordSchema[name];
    const stream = await arrowStream(schema, rows === 0 ? schema.map(() => []) : columns);
    tables[name] = {rows, sha256: createHash("sha256").update(stream).digest("hex")};
    streams.push([name, stream]);
  }
  return {tables, streams};
}

/** What the page of features reads: an index, and packed columns of numbers under gzip. */
function writePageFiles(
  recording: Recording,
  vocabulary: readonly string[],
  model: string,
  write: (name: string, content: Uint8Array | string) => void
): void {
  const {corpus, records} = recording;
  const packed = (name: string, content: Uint8Array) =>
    write(`${name}.bin.gz`, gzipSync(content, {level: 9}));
  const index: FeatureIndex = {
    model,
    tokens: corpus.tokens.length,
    window: corpus.window,
    vocabulary,
    labels: corpus.labels,
    dictionaries: records.map(({dictionary, facts, deembedding}) => ({
      name: dictionary.name,
      kind: dictionary.kind,
      layer: siteLayer(dictionary.outputs[0].site) ?? 0,
      features: facts.length,
      dead: facts.filter(({frequency}) => frequency === 0).length,
      l0: facts.reduce((sum, {frequency}) => sum + frequency, 0) / corpus.tokens.length,
      readsStream: deembedding.length > 0
    }))
  };
  write("index.json", JSON.stringify(index));
  packed("corpus", packColumns({tokens: corpus.tokens}));
  records.forEach((record, which) => {
    const {name} = record.dictionary;
    packed(`${name}/index`, indexFile(record, recording));
    packed(`${name}/places`, placesFile(record));
    for (let first = 0; first < record.facts.length; first += SHARD_FEATURES)
      packed(`${name}/${first / SHARD_FEATURES}`, featuresFile(recording, which, first));
  });
}
