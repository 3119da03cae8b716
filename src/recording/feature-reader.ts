import {unpackColumns} from "../tables/packed-columns.js";
import {
  type DictionaryColumns,
  indexColumns,
  type ShardColumns,
  shardColumns
} from "./feature-columns.js";
import type {FeatureIndex, IndexedDictionary} from "./feature-index.js";
import {type FeatureView, featureView} from "./feature-view.js";
import {SHARD_FEATURES} from "./feature-lengths.js";

/** One dictionary's features, as lists and searches need them. */
export interface LoadedDictionary extends IndexedDictionary {
  /** Its place among the index's dictionaries. */
  readonly which: number;
  readonly columns: DictionaryColumns;
}

/** Shards that are kept at once: as many features are opened as one likes, and memory stays. */
const KEPT = 6;

/** A recording, file by file as they are asked for. */
export class FeatureReader {
  readonly index: FeatureIndex;
  readonly #read: (file: string) => Promise<Uint8Array>;
  readonly #dictionaries = new Map<string, Promise<LoadedDictionary>>();
  readonly #places = new Map<string, Promise<Uint32Array>>();
  readonly #shards = new Map<string, Promise<ShardColumns>>();
  #tokens: Promise<Uint16Array> | undefined;

  constructor(index: FeatureIndex, read: (file: string) => Promise<Uint8Array>) {
    this.index = index;
    this.#read = read;
  }

  /** Every recorded token. */
  tokens(): Promise<Uint16Array> {
    return (this.#tokens ??= this.#unpacked("corpus", {tokens: "u16"}).then(({tokens}) => tokens));
  }

  /** @throws {RangeError} if the recording has no such dictionary. */
  dictionary(name: string): Promise<LoadedDictionary> {
    const which = this.index.dictionaries.findIndex((known) => known.name === name);
    if (which < 0)
      throw new RangeError(
        `features: dictionary must be ${this.index.dictionaries.map((d) => d.name).join(", ")}, got ${name}`
      );
    const known = this.#dictionaries.get(name);
    if (known) return known;
    const loading = this.#unpacked(`${name}/index`, indexColumns).then((columns) => ({
      ...this.index.dictionaries[which],
      which,
      columns
    }));
    this.#dictionaries.set(name, loading);
    return loading;
  }

  /** Where each of a dictionary's features fires most: `SEARCHED` tokens each. */
  places(name: string): Promise<Uint32Array> {
    const known = this.#places.get(name);
    if (known) return known;
    const loading = this.#unpacked(`${name}/places`, {places: "u32"}).then(({places}) => places);
    this.#places.set(name, loading);
    return loading;
  }

  /** @throws {RangeError} if there is no such feature. */
  async feature(name: string, feature: number): Promise<FeatureView> {
    const dictionary = await this.dictionary(name);
    if (!Number.isInteger(feature) || feature < 0 || feature >= dictionary.features)
      throw new RangeError(
        `features: feature must be in 0 … ${dictionary.features - 1} of ${name}, got ${feature}`
      );
    const [shard, tokens] = await Promise.all([
      this.#shard(`${name}/${Math.floor(feature / SHARD_FEATURES)}`),
      this.tokens()
    ]);
    return featureView({index: this.index, dictionary, shard, tokens}, feature);
  }

  #shard(file: string): Promise<ShardColumns> {
    const shard = this.#shards.get(file) ?? this.#unpacked(file, shardColumns);
    this.#shards.delete(file);
    this.#shards.set(file, shard);
    shard.catch(() => this.#shards.delete(file));
    for (const oldest of this.#shards.keys()) {
      if (this.#shards.size <= KEPT) break;
      this.#shards.delete(oldest);
    }
    return shard;
  }

  async #unpacked<T extends Parameters<typeof unpackColumns>[1]>(name: string, columns: T) {
    const file = `${name}.bin.gz`;
    return unpackColumns(await inflated(await this.#read(file)), columns, file);
  }
}

/** A file without its gzip; a host may have taken it off already. */
async function inflated(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes as BlobPart]).stream();
  const whole = stream.pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(whole).arrayBuffer());
}
