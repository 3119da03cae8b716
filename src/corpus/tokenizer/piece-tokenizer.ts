import {beginsText} from "./begins-text.js";

/** The pieces that a tokenizer knows, of which it makes no others. */
export interface Pieces {
  /** The token that begins a text. */
  readonly begin: {readonly content: string; readonly id: number};
  /** Ids by piece, as byte-level BPE writes pieces: `Ġ` for a space. */
  readonly vocab: Readonly<Record<string, number>>;
  /** Whole words are pieces, each with a space before it; else single bytes are. */
  readonly words: boolean;
}

/** A Hugging Face `tokenizer.json` of known pieces, without merges. */
export function pieceTokenizerJson({begin, vocab, words}: Pieces): object {
  const {added_tokens, post_processor} = beginsText(begin);
  const bytes = {
    type: "ByteLevel",
    add_prefix_space: words,
    trim_offsets: true,
    use_regex: true
  };
  return {
    version: "1.0",
    added_tokens,
    normalizer: null,
    pre_tokenizer: bytes,
    post_processor,
    decoder: bytes,
    model: {type: "BPE", unk_token: null, ...(words && {ignore_merges: true}), vocab, merges: []}
  };
}
