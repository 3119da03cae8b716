import {ModelFileError} from "./model-file-error.js";

/** Text to token ids and back. */
export interface Tokenizer {
  /** Ids are below this number. */
  readonly vocab: number;
  /** The token that this model's prompts start with; `encode` does not add it. */
  readonly begin?: number;
  /** The token that ends a text. */
  readonly end?: number;
  encode(text: string): number[];
  /** The text of a whole sequence: `decode(encode(text))` is `text`, unless the tokenizer normalises. */
  decode(ids: readonly number[]): string;
  /** The text of one token; a lone byte of a longer character, and an id without a token, is U+FFFD. */
  token(id: number): string;
}

/** Embedding tables are padded to a multiple of at most this many rows. */
const LARGEST_PADDING = 1024;

/**
 * Checks that a tokenizer's ids and a model's embeddings belong together.
 *
 * @throws {ModelFileError} naming both numbers.
 */
export function checkVocab(file: string, tokens: number, vocab: number): void {
  if (tokens > vocab)
    throw new ModelFileError(
      `${file}: must match the model, whose vocabulary is ${vocab}, got token ids up to ${tokens - 1}`
    );
  if (vocab - tokens >= LARGEST_PADDING)
    throw new ModelFileError(
      `${file}: must match the model, whose vocabulary is ${vocab}, got only ${tokens} tokens`
    );
}
