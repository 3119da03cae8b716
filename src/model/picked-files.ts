import {ModelFileError, shorten} from "./model-file-error.js";

/** A file as a reader picked or dropped it. */
export interface PickedFile {
  /** Its place in what was picked, folders with slashes between. */
  readonly path: string;
  readonly blob: Blob;
}

/** One model among files: each by the name that a model's files go by. */
export interface PickedModel {
  readonly name: string;
  readonly files: ReadonlyMap<string, Blob>;
}

/** Nobody's model has more. */
const MOST = 10_000;

/** Control characters, and those that turn what is written around. */
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

const quoted = (name: string): string => `"${shorten(name.replace(HIDDEN, "\ufffd"))}"`;

/**
 * The one model among the files of a folder or the files that were picked: a Hugging Face folder, a
 * GGUF file, or a llama2.c model with its tokenizer (`tokenizer.bin`, or `tok512.bin` as its trainer names
 * one of 512 tokens). What else lies there is left alone.
 *
 * @throws {ModelFileError} one sentence, if there is none, there are several, or a name is not plain.
 */
export function pickModel(picked: readonly PickedFile[]): PickedModel {
  if (picked.length === 0)
    throw new ModelFileError("files: must be a folder or files of a model, got nothing");
  if (picked.length > MOST)
    throw new ModelFileError(
      `files: must be the folder of one model, got more than ${MOST.toLocaleString("en")} files`
    );
  const folders = byFolder(picked);
  const models = [...folders].filter(([, files]) => isModel(files));
  const depth = Math.min(...models.map(([folder]) => depthOf(folder)));
  const [first, second] = models.filter(([folder]) => depthOf(folder) === depth);
  if (second)
    throw new ModelFileError(
      `files: must hold one model, got ${quoted(first[0])} and ${quoted(second[0])}; pick one of them`
    );
  if (!first) throw nothing(folders);
  return modelIn(...first);
}

type Files = ReadonlyMap<string, Blob>;

const depthOf = (folder: string): number => folder.split("/").length;

/** Files by their folder, each by its own name. */
export function byFolder(picked: readonly PickedFile[]): Map<string, Map<string, Blob>> {
  const folders = new Map<string, Map<string, Blob>>();
  for (const {path, blob} of picked) {
    const parts = path.split("/");
    const isPlain = parts.every((part) => part !== "" && part !== "." && part !== "..");
    if (!isPlain || path.includes("\\") || path.search(HIDDEN) >= 0)
      throw new ModelFileError(`files: file names must be plain, got ${quoted(path)}`);
    const folder = parts.slice(0, -1).join("/");
    const name = parts.at(-1)!;
    const files = folders.get(folder) ?? new Map<string, Blob>();
    folders.set(folder, files);
    if (files.has(name))
      throw new ModelFileError(`files: files must have different names, two are ${quoted(name)}`);
    files.set(name, blob);
  }
  return folders;
}

const ending = (files: Files, end: string): string[] =>
  [...files.keys()].filter((name) => name.toLowerCase().endsWith(end)).sort();
const tokenizers = (files: Files): string[] =>
  ending(files, ".bin").filter((name) => /tokenizer|^tok\d+\./i.test(name));
const isLlama2c = (files: Files): boolean => tokenizers(files).length > 0;
const hasSafetensors = (files: Files): boolean => ending(files, ".safetensors").length > 0;
const isModel = (files: Files): boolean =>
  files.has("config.json") || ending(files, ".gguf").length > 0 || isLlama2c(files);

function modelIn(folder: string, files: Files): PickedModel {
  const name = folder.split("/").at(-1)!;
  const where = name === "" ? "files" : quoted(name);
  const gguf = ending(files, ".gguf");
  if (gguf.length > 0 && !(files.has("config.json") && hasSafetensors(files))) {
    if (gguf.length > 1)
      throw new ModelFileError(
        `${where}: must hold one .gguf file, got ${quoted(gguf[0])} and ${quoted(gguf[1])}; pick one of them`
      );
    return {
      name: gguf[0].replace(/\.gguf$/i, ""),
      files: new Map([["model.gguf", files.get(gguf[0])!]])
    };
  }
  if (gguf.length > 0)
    throw new ModelFileError(
      `${where}: must hold one model, got config.json with safetensors and ${quoted(gguf[0])}; pick the files of one of them`
    );
  if (!files.has("config.json")) return llama2cIn(where, files);
  if (!hasSafetensors(files)) {
    const other = [...files.keys()].find((file) => /\.(bin|h5|msgpack|pt|pth|ckpt)$/.test(file));
    throw new ModelFileError(
      `${where}: must hold model.safetensors or its parts${other ? `, ${quoted(other)} is not read: it can run programs; save the model with safe_serialization=True` : ", it is missing"}`
    );
  }
  const others = new Map([...files].filter(([file]) => !file.toLowerCase().endsWith(".bin")));
  return {name: name === "" ? "model" : name, files: others};
}

function llama2cIn(where: string, files: Files): PickedModel {
  const [tokenizer, another] = tokenizers(files);
  const models = ending(files, ".bin").filter((name) => name !== tokenizer);
  if (another !== undefined || models.length !== 1)
    throw new ModelFileError(
      `${where}: must hold one llama2.c model and its tokenizer, got ${ending(files, ".bin").length} .bin files`
    );
  return {
    name: models[0].replace(/\.bin$/i, ""),
    files: new Map([
      ["model.bin", files.get(models[0])!],
      ["tokenizer.bin", files.get(tokenizer)!]
    ])
  };
}

function nothing(folders: ReadonlyMap<string, Files>): ModelFileError {
  const names = [...folders.values()].flatMap((files) => [...files.keys()]);
  const got = names.slice(0, 3).map(quoted).join(", ");
  const rest = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return new ModelFileError(
    `files: must hold config.json with model.safetensors and tokenizer.json, a .gguf file, or a llama2.c .bin with its tokenizer, got ${got}${rest}`
  );
}
