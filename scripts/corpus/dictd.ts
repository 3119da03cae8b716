import {readFileSync} from "node:fs";
import {gunzipSync} from "node:zlib";
import {tidy, unwrap} from "./document.js";
import type {Document} from "./document.js";

/** Characters an entries document holds at least, so that a split never falls inside an entry. */
const DOCUMENT_CHARACTERS = 8000;

/** A big-endian number in dictd's base 64 (A-Z a-z 0-9 + /). */
export function dictdNumber(digits: string): number {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let value = 0;
  for (const digit of digits) value = value * 64 + alphabet.indexOf(digit);
  return value;
}

/** The distinct entries of a dictd dictionary, in file order; `stem` is the path without extension. */
export function dictdEntries(stem: string): string[] {
  const data = gunzipSync(readFileSync(`${stem}.dict.dz`));
  const spans = new Map<number, number>();
  for (const line of readFileSync(`${stem}.index`, "utf8").split("\n")) {
    const [word, offset, bytes] = line.split("\t");
    if (offset === undefined || bytes === undefined || /^00-?database/.test(word)) continue;
    spans.set(dictdNumber(offset), dictdNumber(bytes));
  }
  return [...spans]
    .sort(([a], [b]) => a - b)
    .map(([offset, bytes]) => data.toString("utf8", offset, offset + bytes));
}

/** Consecutive entries joined into documents of about 8,000 characters. */
export function dictdDocuments(source: string, stem: string): Document[] {
  const entries = dictdEntries(stem).map((entry) =>
    tidy(unwrap(entry.replace(/\{([^}]*)\}/g, "$1")))
  );
  return grouped(source, entries, "\n");
}

/** Groups entries, in order, into documents of at least 8,000 characters (the last may be shorter). */
export function grouped(source: string, entries: readonly string[], joint: string): Document[] {
  const documents: Document[] = [];
  let batch: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (batch.length === 0) return;
    documents.push({source, id: `${source}/${documents.length}`, text: batch.join(joint)});
    batch = [];
    characters = 0;
  };
  for (const entry of entries) {
    batch.push(entry);
    characters += entry.length;
    if (characters >= DOCUMENT_CHARACTERS) flush();
  }
  flush();
  return documents;
}
