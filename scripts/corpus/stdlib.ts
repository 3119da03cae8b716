import {readdirSync, readFileSync} from "node:fs";
import {tidy, unwrap} from "./document.js";
import type {Document} from "./document.js";

/** One document per file of a folder whose name matches, in name order. */
export function textDocuments(source: string, folder: string, name: RegExp): Document[] {
  return readdirSync(folder)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => ({
      source,
      id: `${source}/${file}`,
      text: tidy(unwrap(readFileSync(`${folder}/${file}`, "utf8")))
    }));
}
