import {type HeldOut, readHeldOut} from "../papers/magic-words/pairs.js";
import {folderFiles} from "./folder-source.js";

/** @throws {Error} if a model's folder has no heldout.json, or one that is not as the house models' are. */
export async function heldOut(folder: string): Promise<HeldOut> {
  const files = folderFiles(folder);
  if (!(await files.facts("heldout.json")))
    throw new Error(
      `--model: must be a model with a heldout.json, whose text it has not seen, got "${folder}"`
    );
  return readHeldOut(files);
}
