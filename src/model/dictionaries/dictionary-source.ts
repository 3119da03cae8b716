import {blobFiles} from "../blob-files.js";
import type {ModelConfig} from "../config.js";
import type {DictionarySet} from "../dictionary.js";
import {siteDictionaryNames, siteFiles} from "../model-source.js";
import {openDictionaries} from "./open.js";

/** One folder of dictionaries among a reader's files. */
export interface PickedDictionaries {
  /** What the features of a folder of one dictionary are named after. */
  readonly name?: string;
  readonly files: ReadonlyMap<string, Blob>;
}

/** Dictionaries of the reader's own: data and files that a Worker is given without a copy. */
export interface OwnDictionaries {
  readonly name: string;
  readonly folders: readonly PickedDictionaries[];
}

/**
 * What can be attached to a model: dictionaries that the site ships, by a name such as
 * `house-3m/mlp3tc` or, where `*` stands for any letters, `house-3m/mlp*tc`; or the reader's own.
 */
export type DictionarySource = string | OwnDictionaries;

/**
 * @throws {ModelFileError} if the site ships none of that name, or a file of one cannot be used.
 * @throws {SiteError} if one does not fit the model.
 */
export async function openDictionarySource(
  source: DictionarySource,
  config: ModelConfig
): Promise<DictionarySet[]> {
  const sets: DictionarySet[] = [];
  if (typeof source === "string") {
    for (const name of await siteDictionaryNames(source))
      sets.push(await openDictionaries(await siteFiles(name), config, name.split("/").at(-1)));
    return sets;
  }
  for (const {name, files} of source.folders) {
    const found = blobFiles(source.name, (file) => files.get(file) ?? null);
    sets.push(await openDictionaries(found, config, name));
  }
  return sets;
}
