export type ColumnType =
  "INTEGER" | "INTEGER[]" | "VARCHAR" | "DOUBLE" | "FLOAT" | "FLOAT[]" | "BOOLEAN" | "TIMESTAMP_MS";

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

const runId = column("run_id", "VARCHAR", "names the model and the seed, as in `ladder-25k-0`");
const success = "whether the target is the likeliest next token";

/** Tables that `workings control` makes, a file for each model: their columns, types and units. */
export const controlSchema = {
  reachability: {
    about:
      "prompts that were looked for to make a model say a token, one row per length and method",
    columns: [
      runId,
      column("state_id", "VARCHAR", "held-out window, first token and length, as in `3@20+8`"),
      column("state_len", "INTEGER", "length of the state", "tokens"),
      column("target", "INTEGER", "row of the vocabulary that is wanted behind the state"),
      column("target_rank", "INTEGER", "of the target behind the state alone; 1 for the likeliest"),
      column("target_kind", "VARCHAR", "`true-next`, `top-75` or `uniform-rank`"),
      column("method", "VARCHAR", "`greedy`, `gcg` or `random`"),
      column("k", "INTEGER", "length of the prompt; 0 for the state alone", "tokens"),
      column("success", "BOOLEAN", success),
      column("prompt_ids", "INTEGER[]", "the best prompt of that length"),
      column("base_loss", "DOUBLE", "−log p of the target behind the state alone", "nats"),
      column("loss", "DOUBLE", "the same behind prompt and state", "nats"),
      column("evals", "INTEGER", "prompts tried for this length", "forward passes")
    ]
  },
  attacks: {
    about: "activations, or tokens, that were changed to force tokens, one row per repetition",
    columns: [
      runId,
      column("model", "VARCHAR", "the attacked model"),
      column(
        "layer",
        "INTEGER",
        "block whose input is controlled, from 0; -1 where it is the tokens"
      ),
      column("a", "INTEGER", "controlled positions: the first of the context"),
      column("t", "INTEGER", "tokens to be forced"),
      column("dims", "INTEGER", "controlled numbers of each position; 1 of a token"),
      column(
        "bits",
        "INTEGER",
        "to which each number is rounded, 32 as computed; of a token, those that tell it among all",
        "bits"
      ),
      column("rep", "INTEGER", "repetition: another context and other tokens"),
      column(
        "step",
        "INTEGER",
        "steps of Adam that were made, 0 for vectors of random direction; positions searched, of tokens"
      ),
      column("loss", "DOUBLE", "mean −log p of the tokens to be forced", "nats"),
      column("success", "DOUBLE", "share of them that are the likeliest")
    ]
  }
} as const satisfies Readonly<Record<string, TableSchema>>;

export type ControlTable = keyof typeof controlSchema;

const dictionary = column("dictionary", "VARCHAR", "such as `mlp3tc`: layer 3's transcoder");
const feature = column("feature", "INTEGER", "row of the dictionary, from 0");
const recordedToken = column("token", "INTEGER", "place in the recorded corpus, from 0");
const value = column("value", "FLOAT", "the feature's activation", "model units");
const product = [
  dictionary,
  feature,
  column("rank", "INTEGER", "1 for the largest; −1 for the smallest, −2 for the one above it"),
  id,
  column("text", "VARCHAR", "the text that the token stands for")
];

/** Every table that `workings record` writes. */
export const recordSchema = {
  features: {
    about: "the features of all dictionaries, one row each",
    columns: [
      dictionary,
      column("layer", "INTEGER", "block whose MLP the dictionary stands in for, from 0"),
      feature,
      column("frequency", "INTEGER", "tokens at which it fires", "tokens"),
      column("density", "DOUBLE", "the same as a share of all recorded tokens", "share"),
      column("max", "FLOAT", "its largest activation", "model units"),
      column("dead", "BOOLEAN", "it fires nowhere in the recorded corpus"),
      column(
        "label",
        "VARCHAR",
        "the label that it tells best on the training half of the templates"
      ),
      column(
        "threshold",
        "DOUBLE",
        "share of `max` above which it counts as firing there",
        "share"
      ),
      column("precision", "DOUBLE", "of that label, on the other half", "share"),
      column("recall", "DOUBLE", "of that label, on the other half", "share"),
      column("f1", "DOUBLE", "of that label, on the other half", "share")
    ]
  },
  contexts: {
    about: "where each feature fires most, and a sample at even quantiles of where else it fires",
    columns: [
      dictionary,
      feature,
      column("kind", "VARCHAR", "`top` or `quantile`"),
      column("rank", "INTEGER", "1 for the largest of its kind"),
      recordedToken,
      value
    ]
  },
  corpus: {
    about: "the recorded tokens",
    columns: [
      recordedToken,
      column("pos", "INTEGER", "position in the window that the model read, from 0"),
      id,
      column("text", "VARCHAR", "the text that the token stands for"),
      column("document", "INTEGER", "counted from 0"),
      column("source", "VARCHAR", "the document's source, or the generator's family"),
      column(
        "part",
        "VARCHAR",
        "`natural`, or the generator's half of templates: `train`, `heldout`"
      ),
      column("evaluated", "BOOLEAN", "all that fires here is in `activations`")
    ]
  },
  labels: {
    about: "the generator's labels, one row per token and label",
    columns: [
      recordedToken,
      column("kind", "VARCHAR", "`family`, `category`, `slot`, `class` or `word`"),
      column("label", "VARCHAR", "such as `day=Tuesday`")
    ]
  },
  activations: {
    about: "all that fires at the evaluated tokens",
    columns: [
      recordedToken,
      {...pos, about: "position in the window, from 0"},
      dictionary,
      feature,
      value
    ]
  },
  logits: {
    about: "the tokens whose logits each feature raises and lowers most, per unit of activation",
    columns: [
      ...product,
      column("value", "FLOAT", "before the last norm divides", "logits × model units")
    ]
  },
  deembedding: {
    about: "the tokens whose embeddings raise and lower each feature most",
    columns: [...product, column("value", "FLOAT", "before the norm divides", "model units")]
  },
  edges: {
    about: "input-invariant edges: what an earlier feature writes, times what a later one reads",
    columns: [
      column("source", "VARCHAR", "the earlier dictionary"),
      column("source_feature", "INTEGER", "its row"),
      column("target", "VARCHAR", "the later dictionary"),
      column("target_feature", "INTEGER", "its row"),
      column("weight", "FLOAT", "their product, before the norm divides", "model units")
    ]
  }
} as const satisfies Readonly<Record<string, TableSchema>>;

export type RecordTable = keyof typeof recordSchema;
