import {type JsonObject, parseJsonObject} from "./model-file-error.js";

const END_OF_TEXT = "<|endoftext|>";

/** GPT-2's two tokenizer files, `vocab.json` and `merges.txt`, as one `tokenizer.json`. */
export function gpt2TokenizerJson(vocabJson: Uint8Array, mergesTxt: Uint8Array): JsonObject {
  const vocab = parseJsonObject(vocabJson, "vocab.json");
  const merges = new TextDecoder()
    .decode(mergesTxt)
    .split(/\r?\n/)
    .filter((line, i) => line !== "" && !(i === 0 && line.startsWith("#version")));
  const byteLevel = {type: "ByteLevel", add_prefix_space: false, trim_offsets: true};
  return {
    added_tokens: Object.hasOwn(vocab, END_OF_TEXT)
      ? [{id: vocab[END_OF_TEXT], content: END_OF_TEXT, special: true}]
      : [],
    pre_tokenizer: {...byteLevel, use_regex: true},
    decoder: byteLevel,
    model: {type: "BPE", vocab, merges}
  };
}
