import type {ForwardRequest} from "./backend.js";
import type {ModelConfig} from "./config.js";

export class PromptError extends Error {
  override name = "PromptError";
}

/**
 * Checks token ids before any work is done on them.
 *
 * @throws {PromptError} on an empty prompt, one longer than the context, sequences of different
 * lengths, or an id outside the vocabulary.
 */
export function checkTokens(tokens: ForwardRequest["tokens"], {context, vocab}: ModelConfig): void {
  const length = tokens[0]?.length ?? 0;
  if (length === 0) throw new PromptError("prompt: must be at least one token, got none");
  if (length > context)
    throw new PromptError(
      `prompt: must be at most ${context} tokens, the context of this model, got ${length}`
    );
  for (const sequence of tokens) {
    if (sequence.length !== length)
      throw new PromptError(
        `prompt: all sequences of a batch must have ${length} tokens, got ${sequence.length}`
      );
    const bad = sequence.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab);
    if (bad !== undefined)
      throw new PromptError(`prompt: a token id must be in 0 … ${vocab - 1}, got ${bad}`);
  }
}
