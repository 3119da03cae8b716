/** A model's file that cannot be used: one sentence that names the file and what is wrong with it. */
export class ModelFileError extends Error {
  override name = "ModelFileError";
}

const LONGEST = 60;

export const shorten = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;

/** A value from a file, short enough for a sentence whatever the file holds. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return shorten(typeof value === "string" ? JSON.stringify(value) : String(value));
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The JSON object that a file holds.
 *
 * @throws {ModelFileError} if it holds anything else.
 */
export function parseJsonObject(bytes: Uint8Array, file: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", {fatal: true}).decode(bytes));
  } catch {
    throw new ModelFileError(`${file}: must be JSON in UTF-8, it does not parse`);
  }
  if (!isJsonObject(value))
    throw new ModelFileError(`${file}: must be a JSON object, got ${shown(value)}`);
  return value;
}
