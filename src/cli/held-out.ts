import {isJsonObject, parseJsonObject} from "../model/model-file-error.js";
import {folderFiles} from "./folder-source.js";

/** Windows of text that a model was not trained on, as token ids. */
export interface HeldOut {
  readonly windows: readonly {readonly source: string; readonly tokens: readonly number[]}[];
}

/** @throws {Error} if a model's folder has no heldout.json, or one that is not as the house models' are. */
export async function heldOut(folder: string): Promise<HeldOut> {
  const files = folderFiles(folder);
  if (!(await files.facts("heldout.json")))
    throw new Error(
      `--model: must be a model with a heldout.json, whose text it has not seen, got "${folder}"`
    );
  const found = parseJsonObject(await files.read("heldout.json"), "heldout.json");
  const {windows} = found;
  if (!Array.isArray(windows) || !windows.every(isWindow))
    throw new Error(`${folder}/heldout.json: windows must hold 91 token ids each, got others`);
  return {windows};
}

const isWindow = (window: unknown): window is HeldOut["windows"][number] =>
  isJsonObject(window) &&
  typeof window.source === "string" &&
  Array.isArray(window.tokens) &&
  window.tokens.length > 90 &&
  window.tokens.every(Number.isInteger);
