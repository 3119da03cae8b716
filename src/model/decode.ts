import {forward as sample} from "../kernels/sample.cpu.js";
import type {Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import {checkTokens} from "./request.js";

/** Reads tokens at positions `start …` and returns the logits `[vocab]` after the last of them. */
export type ReadTokens = (
  tokens: readonly number[],
  start: number
) => ArrayLike<number> | Promise<ArrayLike<number>>;

/**
 * Continues a prompt token by token with logits that are in host memory. The last token may be one
 * that the context has no place left to read.
 */
export async function* decodeOnHost(
  config: ModelConfig,
  prompt: readonly number[],
  {count, temperature, topK, seed}: Sampling,
  read: ReadTokens
): AsyncGenerator<number, void, void> {
  checkTokens([prompt], config);
  const steps = Math.min(count, config.context - prompt.length + 1);
  let tokens = prompt;
  let start = 0;
  for (let step = 0; step < steps; step++) {
    const logits = await read(tokens, start);
    start += tokens.length;
    const [next] = sample({logits, vocab: config.vocab}, {temperature, topK, seed, step});
    yield next;
    tokens = [next];
  }
}
