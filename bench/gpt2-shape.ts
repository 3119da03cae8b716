import {closeSync, openSync, writeFileSync, writeSync} from "node:fs";
import {join} from "node:path";
import {size} from "../src/gpu/shape.js";
import {randomSafetensors} from "../src/papers/own-models/random-files.js";
import {gpt2Small} from "../src/papers/own-models/shapes.js";

/** A byte-level tokenizer of GPT-2's size that knows bytes only. */
function tokenizer(vocabulary: number): unknown {
  const byteLevel = {type: "ByteLevel", add_prefix_space: false, trim_offsets: true};
  const vocab = Object.fromEntries(
    Array.from({length: vocabulary}, (_, id) => [`token ${id}`, id])
  );
  return {
    added_tokens: [],
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: {type: "BPE", vocab, merges: []}
  };
}

/**
 * Writes the three files of a Hugging Face GPT-2 small with random weights.
 *
 * @returns the bytes of its weights.
 */
export function writeGpt2(folder: string): number {
  const {json, tensors} = gpt2Small();
  writeFileSync(join(folder, "config.json"), JSON.stringify(json));
  const names = JSON.stringify(tokenizer(tensors["wte.weight"][0]));
  writeFileSync(join(folder, "tokenizer.json"), names);
  const source = randomSafetensors(tensors, 1);
  const file = openSync(join(folder, "model.safetensors"), "w");
  try {
    const sizes = Object.values(tensors).map((shape) => 4 * size(shape));
    let end = source.bytes - sizes.reduce((sum, bytes) => sum + bytes, 0);
    writeSync(file, source.read(0, end));
    for (const bytes of sizes) writeSync(file, source.read(end, (end += bytes)));
  } finally {
    closeSync(file);
  }
  return source.bytes;
}
