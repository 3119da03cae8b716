import {readFileSync} from "node:fs";
import {tidy} from "./document.js";
import type {Document} from "./document.js";
import {grouped} from "./dictd.js";

/** One line of a WordNet data file as a sentence: `contact: close interaction; "they kept in …"`. */
export function glossLine(line: string): string | null {
  const bar = line.indexOf(" | ");
  if (bar < 0 || line.startsWith(" ")) return null;
  const fields = line.slice(0, bar).split(" ");
  const count = Number.parseInt(fields[3], 16);
  const words = Array.from({length: count}, (_, i) =>
    fields[4 + 2 * i].replace(/\([a-z]+\)$/, "").replaceAll("_", " ")
  );
  const gloss = tidy(line.slice(bar + 3));
  return `${words.slice(0, 3).join(", ")}: ${gloss}${/[.!?"]$/.test(gloss) ? "" : "."}`;
}

/** Glosses and examples of every synset, neighbours (which are related in meaning) kept together. */
export function wordnetDocuments(source: string, folder: string): Document[] {
  return ["noun", "verb", "adj", "adv"].flatMap((part) => {
    const lines = readFileSync(`${folder}/data.${part}`, "utf8").split("\n");
    const entries = lines.map(glossLine).filter((entry) => entry !== null);
    return grouped(`${source}-${part}`, entries, "\n").map((document) => ({...document, source}));
  });
}
