import type {Backend} from "../model/backend.js";
import {type Dictionary, featureCount} from "../model/dictionary.js";
import {SiteError} from "../model/sites.js";
import type {RecordedCorpus} from "./corpus.js";
import {type Fired, readFeatures} from "./read-features.js";
import {packShard, shardBatches, shardCount, shardTokens, unpackShard} from "./shard.js";

/** Where shards are kept, each written whole or not at all. */
export interface ShardStore {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** Windows that are run at once. */
const BATCH = 4;
/** What 16 bits can count. */
const MOST = 65_536;

const shardName = (dictionary: string, shard: number): string =>
  `${dictionary}-${String(shard).padStart(5, "0")}.bin`;

/**
 * Records what fires in a corpus, shard by shard; those that the store lists are not recorded again.
 *
 * @param onShard Told the tokens recorded in this call after each shard.
 * @throws {SiteError} if a dictionary has more features than 65,536.
 */
export async function recordShards(
  backend: Backend,
  dictionaries: readonly Dictionary[],
  corpus: RecordedCorpus,
  store: ShardStore,
  onShard: (recorded: number) => void = () => {}
): Promise<void> {
  for (const dictionary of dictionaries)
    if (featureCount(dictionary) > MOST)
      throw new SiteError(
        `record: ${dictionary.name} must have at most ${MOST} features, got ${featureCount(dictionary)}`
      );
  const kept = new Set(await store.list());
  let recorded = 0;
  for (let shard = 0; shard < shardCount(corpus); shard++) {
    const missing = dictionaries.filter(({name}) => !kept.has(shardName(name, shard)));
    if (missing.length === 0) continue;
    const batches: Map<string, Fired>[] = [];
    for (const windows of shardBatches(corpus, shard, BATCH))
      batches.push(await readFeatures(backend, missing, windows));
    for (const {name} of missing)
      await store.write(
        shardName(name, shard),
        packShard(batches.map((batch) => batch.get(name)!))
      );
    const {start, end} = shardTokens(corpus, shard);
    onShard((recorded += end - start));
  }
}

/**
 * The shards of a dictionary, in the order of the corpus.
 *
 * @throws {ModelFileError} if one is missing, damaged, or of another number of tokens.
 */
export async function readShards(
  store: ShardStore,
  {name}: Dictionary,
  corpus: RecordedCorpus
): Promise<Fired[]> {
  const shards: Fired[] = [];
  for (let shard = 0; shard < shardCount(corpus); shard++) {
    const file = shardName(name, shard);
    const {start, end} = shardTokens(corpus, shard);
    shards.push(unpackShard(await store.read(file), file, end - start));
  }
  return shards;
}
