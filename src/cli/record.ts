import {createHash} from "node:crypto";
import {existsSync, readFileSync, readdirSync} from "node:fs";
import {join} from "node:path";
import type {Command} from "commander";
import type {ModelConfig} from "../model/config.js";
import {openDictionaries} from "../model/dictionaries/open.js";
import type {Dictionary} from "../model/dictionary.js";
import {inMemory} from "../model/lazy-tensor.js";
import {ModelDictionaries} from "../model/model-dictionaries.js";
import {ModelFileError} from "../model/model-file-error.js";
import {siteLayer} from "../model/sites.js";
import type {Tokenizer} from "../model/tokenizer.js";
import type {RecordedCorpus} from "../recording/corpus.js";
import {type DictionaryRecord, dictionaryRecord} from "../recording/dictionary-record.js";
import {strongEdges} from "../recording/edges.js";
import {parseCorpusRecipe, recipeCorpus, textCorpus} from "../recording/recipe.js";
import {readShards, recordShards} from "../recording/record.js";
import {folderFiles} from "./folder-source.js";
import {checkBackend, loadCheckpoint, type ModelOptions, openBackend, withModel} from "./model.js";
import {shardFolder} from "./shard-folder.js";
import {type RecordingCard, writeRecording} from "./write-recording.js";

interface RecordFlags extends ModelOptions {
  readonly dictionaries: readonly string[];
  readonly corpus: string;
  readonly out: string;
  readonly threshold: string;
  readonly work: string;
  readonly json?: boolean;
}

export function register(program: Command): void {
  withModel(
    program
      .command("record")
      .description("what the features of dictionaries do in a corpus, as tables and for a page")
  )
    .requiredOption(
      "--dictionaries <folder...>",
      "folders of SAELens's, circuit-tracer's or crosslayer-transcoder's files, or of such folders"
    )
    .requiredOption(
      "--corpus <file>",
      'a recipe (.json), or lines of {"text": "…", "source": "…"} (.jsonl)'
    )
    .requiredOption("--out <folder>", "for tables.duckdb and the shards that a page reads")
    .option("--threshold <weight>", "of edges between layers, the least size that is kept", "0.6")
    .option("--work <folder>", "for what is recorded on the way", ".cache/record")
    .option("--json", "print the card of the recording")
    .action(record);
}

async function record(flags: RecordFlags): Promise<void> {
  const threshold = Number(flags.threshold);
  if (!(threshold > 0))
    throw new Error(
      `--threshold: must be a number above 0, as weights are compared with it by size, got "${flags.threshold}"`
    );
  const say = (sentence: string) => flags.json || console.log(sentence);
  const {config, weights: lazy, tokenizer, sha256} = await loadCheckpoint(flags);
  const dictionaries = await openAll(flags.dictionaries, config);
  const corpus = await openCorpus(flags.corpus, tokenizer, config);
  const weights = inMemory(lazy);
  const store = shardFolder(flags.work, keyOf(sha256, dictionaries, corpus));
  const backend = await openBackend(checkBackend(flags.backend), {config, weights});
  const {length} = corpus.tokens;
  say(`${length} tokens, ${dictionaries.length} dictionaries, on ${backend.device} …`);
  const started = performance.now();
  try {
    await recordShards(backend, dictionaries, corpus, store, (recorded) => {
      const rate = recorded / ((performance.now() - started) / 1000);
      say(`… ${recorded} tokens recorded, ${rate.toFixed(0)} a second …`);
    });
  } finally {
    backend.dispose();
  }
  const records: DictionaryRecord[] = [];
  for (const dictionary of dictionaries) {
    say(`… ${dictionary.name}, feature by feature …`);
    const shards = await readShards(store, dictionary, corpus);
    records.push(dictionaryRecord(dictionary, shards, {corpus, config, weights}));
  }
  say("… edges between layers, tables and shards …");
  const edges = strongEdges(dictionaries, config, weights, threshold);
  const text = (id: number) => tokenizer.token(id);
  const vocabulary = Array.from({length: config.vocab}, (_, id) => text(id));
  const card = await writeRecording(
    flags.out,
    {corpus, records, edges, text},
    {model: flags.model, weights: sha256, corpus: flags.corpus, threshold, vocabulary}
  );
  console.log(flags.json ? JSON.stringify(card) : inWords(flags.out, card));
}

const inWords = (out: string, {tables, bytes}: RecordingCard): string =>
  `${out}: ${Object.entries(tables)
    .map(([name, {rows}]) => `${name} ${rows}`)
    .join(", ")} rows; ${(bytes / 1e6).toFixed(1)} MB in all`;

/** Dictionaries of folders, and of folders in them, by layer. */
async function openAll(folders: readonly string[], config: ModelConfig): Promise<Dictionary[]> {
  const known = new ModelDictionaries(config);
  for (const folder of folders.flatMap(dictionaryFolders))
    known.add(await openDictionaries(folderFiles(folder), config));
  const layer = ({outputs}: Dictionary) => siteLayer(outputs[0].site) ?? -1;
  return [...known.all].sort((a, b) => layer(a) - layer(b) || (a.name < b.name ? -1 : 1));
}

function dictionaryFolders(folder: string): string[] {
  const isDictionary = (path: string) =>
    ["cfg.json", "config.yaml"].some((file) => existsSync(join(path, file)));
  if (isDictionary(folder)) return [folder];
  const inside = existsSync(folder)
    ? readdirSync(folder, {withFileTypes: true})
        .filter((entry) => entry.isDirectory())
        .map(({name}) => join(folder, name))
        .filter(isDictionary)
        .sort()
    : [];
  if (inside.length > 0) return inside;
  throw new ModelFileError(
    `--dictionaries: must be a folder with cfg.json or config.yaml, or of such folders, got "${folder}"`
  );
}

async function openCorpus(
  file: string,
  tokenizer: Tokenizer,
  {context, vocab}: ModelConfig
): Promise<RecordedCorpus> {
  if (vocab > 65_536)
    throw new ModelFileError(
      `--model: must have at most 65536 tokens to be recorded, got ${vocab}`
    );
  const read = (path: string): string => {
    try {
      return readFileSync(path, "utf8");
    } catch (error) {
      throw new Error(`--corpus: must be a file to read, ${(error as Error).message}`);
    }
  };
  const text = read(file);
  const corpus = file.endsWith(".jsonl")
    ? textCorpus(text, tokenizer, context, file)
    : await recipeCorpus(parseCorpusRecipe(text, file), tokenizer, context, (path) =>
        Promise.resolve(read(path))
      );
  if (corpus.tokens.length === 0)
    throw new Error(`--corpus: must have at least one token, ${file} makes none`);
  return corpus;
}

/** Of all that decides what is recorded. */
function keyOf(
  weights: string,
  dictionaries: readonly Dictionary[],
  {tokens, window}: RecordedCorpus
): string {
  const hash = createHash("sha256").update(`${weights} ${window}`).update(tokens);
  for (const {name, encoder} of dictionaries)
    hash.update(name).update(encoder.weight.data).update(encoder.bias.data);
  return hash.digest("hex").slice(0, 16);
}
