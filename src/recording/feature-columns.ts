import type {PackedColumn} from "../tables/packed-columns.js";

/** The columns of a dictionary's index. */
export const indexColumns = {
  frequency: "u32",
  max: "f32",
  /** `TOP_TOKENS` of each feature. */
  tokens: "u16",
  label: "u16",
  /** In hundredths. */
  f1: "u8",
  precision: "u8",
  recall: "u8"
} as const;

/** The columns of a shard of features; `*Count` are of each feature, what they count stands end to end. */
export const shardColumns = {
  topCount: "u8",
  contextCount: "u8",
  contextTokens: "u32",
  contextValues: "f32",
  /** Of each context: tokens near it where the feature fires. */
  nearCount: "u8",
  /** From `BEFORE` tokens before the context's own. */
  nearOffsets: "u8",
  /** 255 is the feature's largest value. */
  nearShares: "u8",
  histogram: "u32",
  logitIds: "u16",
  logitValues: "f32",
  embedIds: "u16",
  embedValues: "f32",
  nearestIds: "u16",
  nearestValues: "f32",
  intoCount: "u8",
  outCount: "u8",
  /** Of each feature those into it, then those out of it. */
  linkDictionaries: "u8",
  linkFeatures: "u16",
  linkWeights: "f32"
} as const;

interface Arrays {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly f32: Float32Array;
}
type Columns<T extends Readonly<Record<string, keyof Arrays>>> = {
  readonly [K in keyof T]: Arrays[T[K]] & PackedColumn;
};
export type DictionaryColumns = Columns<typeof indexColumns>;
export type ShardColumns = Columns<typeof shardColumns>;
