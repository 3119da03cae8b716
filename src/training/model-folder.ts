import {sha256} from "../model/sha256.js";
import type {HostTensor, Weights} from "../model/weights.js";
import {type Characters, characterTokenizerJson} from "./characters.js";
import {gpt2Json} from "./gpt2-json.js";
import {gpt2Tensors} from "./gpt2-tensors.js";
import type {LmConfig} from "./lm-config.js";
import {safetensorsFile} from "./safetensors-file.js";

/** What a training has come to. */
export interface Trained {
  readonly weights: Weights<HostTensor>;
  readonly step: number;
  /** In nats per character. */
  readonly loss: number | undefined;
}

/** The files of a model of characters as a Hugging Face GPT-2, with a card that knows their hashes. */
export async function modelFolder(
  config: LmConfig,
  {alphabet, ids}: Characters,
  {weights, step, loss}: Trained
): Promise<ReadonlyMap<string, Uint8Array>> {
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value, null, 2));
  const files = new Map([
    ["model.safetensors", safetensorsFile(gpt2Tensors(weights), "F32")],
    ["config.json", json(gpt2Json(config))],
    ["tokenizer.json", json(characterTokenizerJson(alphabet))]
  ]);
  const facts: Record<string, {bytes: number; sha256: string}> = {};
  for (const [name, bytes] of files)
    facts[name] = {bytes: bytes.length, sha256: await sha256(bytes)};
  const training = {...config, characters: ids.length, step, loss_nats_per_character: loss ?? null};
  return files.set("model.json", json({name: config.name, files: facts, training}));
}
