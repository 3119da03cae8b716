interface Loss {
  readonly bits_per_character: number;
}

interface Losses {
  readonly natural: Loss;
  readonly generated: Loss;
}

/** What a page tells of a model's card, `model.json`. */
export interface ModelCard {
  readonly name: string;
  readonly parameters: number;
  readonly licence: string;
  readonly files: {readonly "model.safetensors": {readonly sha256: string}};
  readonly data: {
    readonly licences: readonly {readonly title: string; readonly licence: string}[];
    readonly train: Readonly<Record<string, {readonly documents: number; readonly tokens: number}>>;
  };
  readonly training: {readonly tokens_seen: number};
  /** In bits per character of texts that were held out. */
  readonly quality: {readonly heldout: Losses};
}

/** The same of an n-gram model that counted the whole training text. */
export interface NgramResult extends Losses {
  readonly order: number;
}
