import {ModelFileError} from "../model/model-file-error.js";
import {packColumns, unpackColumns} from "../tables/packed-columns.js";
import {type RecordedCorpus, windowCount, windowTokens} from "./corpus.js";
import type {Fired} from "./read-features.js";

/** Windows that are recorded together. */
export const SHARD_WINDOWS = 16;

export const shardCount = (corpus: RecordedCorpus): number =>
  Math.ceil(windowCount(corpus) / SHARD_WINDOWS);

/** What of a corpus one dictionary's shard covers: tokens `start` … `end − 1`. */
export function shardTokens({tokens, window}: RecordedCorpus, shard: number) {
  const length = SHARD_WINDOWS * window;
  return {start: shard * length, end: Math.min(tokens.length, (shard + 1) * length)};
}

/** The windows of a shard, in groups of one length, at most `batch` each. */
export function shardBatches(corpus: RecordedCorpus, shard: number, batch: number): number[][][] {
  const first = shard * SHARD_WINDOWS;
  const last = Math.min(windowCount(corpus), first + SHARD_WINDOWS);
  const groups: number[][][] = [];
  for (let w = first; w < last; w++) {
    const tokens = windowTokens(corpus, w);
    const group = groups.at(-1);
    if (group && group.length < batch && group[0].length === tokens.length) group.push(tokens);
    else groups.push([tokens]);
  }
  return groups;
}

/** A shard of one dictionary as a file, of what fired in its batches one after the other. */
export function packShard(batches: readonly Fired[]): Uint8Array {
  const counts = batches.flatMap(({starts}) =>
    Array.from(starts.subarray(1), (end, t) => end - starts[t])
  );
  return packColumns({
    counts: Uint16Array.from(counts),
    features: Uint16Array.from(batches.flatMap(({features}) => [...features])),
    values: Float32Array.from(batches.flatMap(({values}) => [...values]))
  });
}

/** @throws {ModelFileError} if the file is not of this many tokens. */
export function unpackShard(bytes: Uint8Array, file: string, tokens: number): Fired {
  const {counts, features, values} = unpackColumns(
    bytes,
    {counts: "u16", features: "u16", values: "f32"},
    file
  );
  const fired = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length !== tokens || features.length !== fired || values.length !== fired)
    throw new ModelFileError(
      `${file}: must be of ${tokens} tokens and all that fires there, got ${counts.length} tokens and ${features.length} of ${fired} features`
    );
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, t) => (starts[t + 1] = starts[t] + count));
  return {starts, features, values};
}
