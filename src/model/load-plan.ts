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
  const gpt2Tokenizer = (await has("vocab.json")) && !(await has("tokenizer.json"));
  const names = (await has("model.bin"))
    ? ["model.bin", "tokenizer.bin"]
    : [
        "model.safetensors",
        "config.json",
        ...(gpt2Tokenizer ? ["vocab.json", "merges.txt"] : ["tokenizer.json"])
      ];
  if (await has("model.json")) names.push("model.json");
  const facts = await Promise.all(names.map((name) => files.facts(name)));
  let bytes = 0;
  for (const [i, of] of facts.entries()) {
    if (!of)
      throw new ModelFileError(
        `${files.name}: must hold config.json, model.safetensors and tokenizer.json, or be a llama2.c model with its tokenizer; ${names[i]} is missing`
      );
    bytes += of.bytes;
  }
  return {files: names, bytes, local: facts.every((of) => of!.local)};
}
