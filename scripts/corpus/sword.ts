import {readFileSync} from "node:fs";
import {inflateSync} from "node:zlib";
import {tidy} from "./document.js";
import type {Document} from "./document.js";

/** Bytes of one record in a SWORD block index: offset, compressed size, inflated size (u32 each). */
const RECORD_BYTES = 12;

/**
 * The raw OSIS of every block (a book or a chapter) of a zText or zCom module, in reading order.
 *
 * @param stem Path without the last letter, e.g. `…/mhcc/nt.bz`.
 * @throws {Error} if a record of the index points outside the data file.
 */
export function readBlocks(stem: string): string[] {
  const index = readFileSync(`${stem}s`);
  const data = readFileSync(`${stem}z`);
  const blocks: string[] = [];
  for (let at = 0; at + RECORD_BYTES <= index.length; at += RECORD_BYTES) {
    const offset = index.readUInt32LE(at);
    const bytes = index.readUInt32LE(at + 4);
    if (bytes === 0) continue;
    if (offset + bytes > data.length) {
      throw new Error(
        `${stem}s: record ${at / RECORD_BYTES} must end inside the ${data.length} bytes of ${stem}z, got ${offset + bytes}`
      );
    }
    blocks.push(inflateSync(data.subarray(offset, offset + bytes)).toString("utf8"));
  }
  return blocks;
}

/** The words a reader sees: notes, headings and markup removed, paragraphs and chapters on new lines. */
export function plainOsis(osis: string): string {
  const text = osis
    .replace(/<note\b[^>]*>[\s\S]*?<\/note>/g, "")
    .replace(/<title\b[^>]*>[\s\S]*?<\/title>/g, "\n")
    .replace(/<(?:div|chapter|lg|l|p|lb)\b[^>]*>/g, "\n")
    .replace(/<[^>]+>/g, "")
    .replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&amp;/g, "&");
  return tidy(text.replace(/[†‡¶*]/g, ""));
}

/** One document per block that has at least 200 characters of text. */
export function swordDocuments(source: string, stems: readonly string[]): Document[] {
  return stems.flatMap((stem) =>
    readBlocks(stem)
      .map((osis, block) => ({
        source,
        id: `${source}/${stem.slice(-5, -3)}/${block}/${/osisID="([^"]+)"/.exec(osis)?.[1] ?? ""}`,
        text: plainOsis(osis)
      }))
      .filter(({text}) => text.length >= 200)
  );
}
