import type {ModelConfig} from "../model/config.js";
import {ModelFileError, parseJsonObject, shown} from "../model/model-file-error.js";

/** Logits that somebody else computed, to hold a forward pass to. */
export interface Reference {
  /** The tokens that the logits were computed for. */
  readonly tokens: readonly number[];
  /** `[tokens, vocab]`. */
  readonly logits: Float32Array;
}

/**
 * Reads `{tokens, logits_shape: [positions, vocab], logits: base64 f32}`, the last two also under the
 * names `shape` and `data`; `tokens` may go on beyond the positions that have logits.
 *
 * @throws {ModelFileError} if the file is anything else, or was made for another vocabulary.
 */
export function parseReference(bytes: Uint8Array, file: string, {vocab}: ModelConfig): Reference {
  const json = parseJsonObject(bytes, file);
  const {tokens, logits_shape: shape = json.shape, logits = json.data} = json;
  if (!isNumbers(tokens)) throw new ModelFileError(`${file}: tokens must be an array of token ids`);
  if (!isNumbers(shape) || shape.length !== 2 || shape[0] > tokens.length)
    throw new ModelFileError(
      `${file}: logits_shape must be [positions, vocab] for at most ${tokens.length} positions, got ${shown(shape)}`
    );
  if (shape[1] !== vocab)
    throw new ModelFileError(
      `${file}: logits_shape must be of the model's vocabulary, ${vocab}, got ${shape[1]}`
    );
  const data = typeof logits === "string" ? Buffer.from(logits, "base64") : Buffer.alloc(0);
  const wanted = shape[0] * shape[1] * 4;
  if (data.length !== wanted)
    throw new ModelFileError(
      `${file}: logits must be ${wanted} bytes of base64 float32, got ${data.length}`
    );
  return {
    tokens: tokens.slice(0, shape[0]),
    logits: new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + wanted))
  };
}

const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((v) => Number.isSafeInteger(v) && v >= 0);
