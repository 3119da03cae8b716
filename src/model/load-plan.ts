import {ModelFileError} from "./model-file-error.js";
import type {ModelFiles} from "./model-files.js";

/** What loading a model will cost. */
export interface LoadPlan {
  /** The files to read, the weights first. */
  readonly files: readonly string[];
  /** Of all of them together. */
  readonly bytes: number;
  /** True if nothing of it needs the network. */
  readonly local: boolean;
}

/**
 * What there is to load, before anything is: a Hugging Face model (`config.json`, `model.safetensors`
 * and `tokenizer.json`, or `vocab.json` with `merges.txt`) or a llama2.c one (`model.bin` and
 * `tokenizer.bin`), and its card.
 *
 * @throws {ModelFileError} naming what is missing.
 */
export async function planLoad(files: ModelFiles): Promise<LoadPlan> {
  const has = async (file: string): Promise<boolean> => (await files.facts(file)) !== null;
  const llama2c = (await has("model.bin")) || (await has("tokenizer.bin"));
  const gpt2Tokenizer = (await has("vocab.json")) && !(await has("tokenizer.json"));
  const names = llama2c
    ? ["model.bin", "tokenizer.bin"]
    : [
        "model.safetensors",
        "config.json",
        ...(gpt2Tokenizer ? ["vocab.json", "merges.txt"] : ["tokenizer.json"])
      ];
  if (await has("model.json")) names.push("model.json");
  let bytes = 0;
  let local = true;
  for (const name of names) {
    const facts = await files.facts(name);
    if (!facts) throw new ModelFileError(await missing(files, name, llama2c));
    bytes += facts.bytes;
    local &&= facts.local;
  }
  return {files: names, bytes, local};
}

async function missing(files: ModelFiles, name: string, llama2c: boolean): Promise<string> {
  if (llama2c) return `${files.name}: must have model and tokenizer, ${name} is missing`;
  if (name === "model.safetensors" && (await files.facts(`${name}.index.json`)))
    return `${files.name}: must have its weights in one model.safetensors, they are in several files`;
  return `${files.name}: must hold config.json, model.safetensors and tokenizer.json, ${name} is missing`;
}
