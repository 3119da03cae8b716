import {openTokenizerJson} from "../model/hugging-face-tokenizer.js";
import {ModelFileError, parseJsonObject} from "../model/model-file-error.js";
import {type Site, siteFiles} from "../model/model-source.js";
import type {TwoWaySpelling} from "./ask.js";

/**
 * How a model that the site ships spells texts, and how it spells them out again.
 *
 * @throws {ModelFileError} if the site ships no such model, or one whose texts begin with no token.
 */
export async function openSpelling(
  name: string,
  vocab: number,
  site?: Site
): Promise<TwoWaySpelling> {
  const file = "tokenizer.json";
  const json = parseJsonObject(await (await siteFiles(name, site)).read(file), file);
  const tokenizer = await openTokenizerJson(json, {vocab}, file);
  const {begin} = tokenizer;
  if (begin === undefined)
    throw new ModelFileError(`${file}: must name a token that begins a text, it names none`);
  return {
    begin,
    encode: (text) => tokenizer.encode(text),
    decode: (ids) => tokenizer.decode(ids)
  };
}
