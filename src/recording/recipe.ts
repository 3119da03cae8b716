import {isJsonObject, ModelFileError, shown} from "../model/model-file-error.js";
import type {Tokenizer} from "../model/tokenizer.js";
import {
  generatedDocuments,
  packCorpus,
  type RecordedCorpus,
  type RecordedDocument
} from "./corpus.js";

/** A corpus to record, as its recipe names it. */
export interface CorpusRecipe {
  /** A file of windows of tokens, `data/corpora/heldout.json`. */
  readonly windows?: string;
  /** Characters of the generator's text, by the half of its templates. */
  readonly generated?: {readonly train: number; readonly heldout: number};
  readonly seed: number;
}

/** @throws {ModelFileError} if a text is no recipe. */
export function parseCorpusRecipe(text: string, file: string): CorpusRecipe {
  const json = parse(text, file);
  const {windows, generated, seed} = json;
  const whole = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
  const check = (holds: boolean, what: string, got: unknown) => {
    if (!holds) throw new ModelFileError(`${file}: ${what}, got ${shown(got)}`);
  };
  check(whole(seed), "seed must be a whole number from 0", seed);
  check(windows === undefined || typeof windows === "string", "windows must be a file", windows);
  check(
    generated === undefined ||
      (isJsonObject(generated) && whole(generated.train) && whole(generated.heldout)),
    "generated must be {train, heldout} in characters",
    generated
  );
  return json as unknown as CorpusRecipe;
}

function parse(text: string, file: string) {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ModelFileError(`${file}: must be JSON, it does not parse`);
  }
  if (isJsonObject(json)) return json;
  throw new ModelFileError(`${file}: must be a recipe, a JSON object, got ${shown(json)}`);
}

/**
 * The corpus of a recipe.
 *
 * @param read Reads a file that the recipe names.
 */
export async function recipeCorpus(
  {windows, generated, seed}: CorpusRecipe,
  tokenizer: Tokenizer,
  window: number,
  read: (file: string) => Promise<string>
): Promise<RecordedCorpus> {
  const names = new Map<string, number>();
  const natural = windows === undefined ? [] : naturalDocuments(await read(windows), windows);
  const made = (["train", "heldout"] as const).flatMap((part, i) =>
    generated
      ? generatedDocuments(tokenizer, names, {
          part,
          characters: generated[part],
          seed: seed + 5000 * (i + 1)
        })
      : []
  );
  return packCorpus([...natural, ...made], names, window);
}

function naturalDocuments(text: string, file: string): RecordedDocument[] {
  const {windows} = parse(text, file);
  if (!Array.isArray(windows))
    throw new ModelFileError(`${file}: must hold windows of tokens, got ${shown(windows)}`);
  return (windows as {source: string; tokens: number[]}[])
    .filter(({source}) => !source.startsWith("generated/"))
    .map(({source, tokens}) => ({part: "natural", source, tokens}));
}

/** Lines of `{"text": "…", "source": "…"}` as a corpus without labels. */
export function textCorpus(
  lines: string,
  tokenizer: Tokenizer,
  window: number,
  file: string
): RecordedCorpus {
  const before = tokenizer.begin === undefined ? [] : [tokenizer.begin];
  const documents = lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, i): RecordedDocument => {
      const {text, source = file} = parse(line, `${file}: line ${i + 1}`);
      if (typeof text !== "string" || text === "")
        throw new ModelFileError(`${file}: line ${i + 1}: text must be a text, got ${shown(text)}`);
      return {
        part: "natural",
        source: String(source),
        tokens: [...before, ...tokenizer.encode(text)]
      };
    });
  if (documents.length === 0)
    throw new ModelFileError(`${file}: must hold at least one document, it is empty`);
  return packCorpus(documents, new Map(), window);
}
