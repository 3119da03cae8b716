export type ColumnType =
  "INTEGER" | "VARCHAR" | "DOUBLE" | "FLOAT" | "FLOAT[]" | "BOOLEAN" | "TIMESTAMP_MS";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** What the value counts or measures; "" for names and indices. */
  readonly unit: string;
  readonly about: string;
}

export interface TableSchema {
  readonly about: string;
  readonly columns: readonly Column[];
}

const column = (name: string, type: ColumnType, about: string, unit = ""): Column => ({
  name,
  type,
  unit,
  about
});

const pos = column("pos", "INTEGER", "position in the prompt, from 0");
const id = column("id", "INTEGER", "row of the vocabulary");
const token = column("token", "VARCHAR", "the text that the token stands for");
const rank = column("rank", "INTEGER", "1 for the likeliest");
const p = column("p", "DOUBLE", "chance that this token comes next", "probability");
const place = [
  column("site", "VARCHAR", "name of the activation, as TransformerLens writes it"),
  column("layer", "INTEGER", "block, from 0; null outside the blocks"),
  column("head", "INTEGER", "attention head, from 0; null where there is none"),
  {...pos, about: "position in the prompt, from 0; the query, in attention scores and patterns"}
];

/** Every table of a run: its columns, their types and units. */
export const runSchema = {
  tokens: {about: "the prompt, one row per token", columns: [pos, id, token]},
  predictions: {
    about: "the likeliest next tokens at each position",
    columns: [pos, rank, id, token, p]
  },
  lens: {
    about: "the same, read off the residual stream after each layer (logit lens)",
    columns: [
      column("layer", "INTEGER", "0 before the first block, n after the first n"),
      ...[pos, rank, id, token, p]
    ]
  },
  activations: {
    about: "the cached activations, one row per vector",
    columns: [
      ...place,
      column("vector", "FLOAT[]", "the last axis: channels, or keys", "model units")
    ]
  },
  activation_values: {
    about: "the same, one row per number",
    columns: [
      ...place,
      column("channel", "INTEGER", "index in the vector, from 0"),
      column("value", "FLOAT", "the activation", "model units")
    ]
  }
} as const satisfies Readonly<Record<string, TableSchema>>;

export type RunTable = keyof typeof runSchema;
