/** How well texts are read that were held out. */
export interface Loss {
  readonly nats_per_token: number;
  readonly bits_per_character: number;
}

export interface Losses {
  readonly natural: Loss;
  readonly generated: Loss;
}

/** How often a task's answer is the likeliest text, token by token. */
export type Tasks = Readonly<Record<string, {readonly exact: number; readonly probes: number}>>;

export interface Amount {
  readonly documents: number;
  readonly tokens: number;
}

/** What pages tell of a model's card, `model.json`. */
export interface ModelCard {
  readonly name: string;
  readonly parameters: number;
  readonly non_embedding_parameters: number;
  readonly shape: Readonly<Record<"width" | "depth" | "heads" | "vocab" | "context", number>>;
  readonly licence: string;
  readonly files: {
    readonly "model.safetensors": {readonly sha256: string; readonly bytes: number};
  };
  readonly data: {
    readonly licences: readonly {
      readonly source: string;
      readonly title: string;
      readonly licence: string;
    }[];
    readonly train: Readonly<Record<string, Amount>>;
    readonly heldout: Readonly<Record<string, Amount>>;
    readonly heldout_overlap: number;
  };
  readonly training: {
    readonly tokens_seen: number;
    readonly steps: number;
    readonly wall_seconds: number;
    readonly hardware: string;
    /** Of the training batches, in nats per token. */
    readonly loss: readonly (readonly [step: number, nats: number])[];
  };
  readonly quality: {
    readonly heldout: Losses;
    readonly heldout_by_source: Readonly<Record<string, Loss>>;
    readonly tasks: Tasks;
    readonly year_span_difference: number;
  };
  readonly samples: {
    readonly temperature: number;
    readonly texts: readonly {readonly prompt: string; readonly text: string}[];
  };
  readonly checkpoints?: readonly (Losses & {
    readonly step: number;
    readonly tokens: number;
    readonly tasks: Tasks;
    readonly file: string;
    readonly bytes: number;
  })[];
}

/** What n-grams do that counted the whole training text. */
export interface NgramResult extends Losses {
  readonly order: number;
  readonly tasks?: Readonly<Record<string, number>>;
}
