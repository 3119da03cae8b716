import {beginsText} from "./begins-text.js";
import {endOfText, pieceRegex} from "./pieces.js";
import type {Bpe} from "./train.js";

/**
 * The text of a Hugging Face `tokenizer.json` that cuts and merges as `encoder` does, and begins a
 * text with the end-of-text token, as documents do in training.
 */
export function tokenizerJson({vocab, merges}: Bpe): string {
  const byteLevel = {type: "ByteLevel", add_prefix_space: false, trim_offsets: true};
  const {added_tokens, post_processor} = beginsText({
    content: endOfText,
    id: vocab.get(endOfText)!
  });
  const split = {
    type: "Split",
    pattern: {Regex: pieceRegex},
    behavior: "Isolated",
    invert: false
  };
  const json = {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens,
    normalizer: null,
    pre_tokenizer: {type: "Sequence", pretokenizers: [split, {...byteLevel, use_regex: false}]},
    post_processor,
    decoder: {...byteLevel, use_regex: false},
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries(vocab),
      merges: merges.map((pair) => pair.join(" "))
    }
  };
  return `${JSON.stringify(json)}\n`;
}

/** Reads back what `tokenizerJson` wrote. */
export function parseTokenizerJson(text: string): Bpe {
  const {model} = JSON.parse(text) as {model: {vocab: Record<string, number>; merges: string[]}};
  return {
    vocab: new Map(Object.entries(model.vocab).sort(([, a], [, b]) => a - b)),
    merges: model.merges.map((pair) => {
      const [left, right] = pair.split(" ");
      return [left, right];
    })
  };
}
