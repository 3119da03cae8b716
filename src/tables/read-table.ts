import type {RawTable} from "./read-columns.js";
import {readCsv} from "./read-csv.js";
import {TableError} from "./read-error.js";
import {readJson} from "./read-json.js";
import {readText} from "./read-text.js";

/** The largest file that is read, in bytes. */
export const MAX_BYTES = 50_000_000;
const MAX_ROWS = 1_000_000;

/** What a browser, a reader's disk and Framework's `FileAttachment` call a file. */
export interface TableFile {
  readonly name: string;
  /** In bytes; NaN where it is not known before the file is read. */
  readonly size: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const others: readonly (readonly [what: string, start: string])[] = [
  ["an image (PNG)", "\x89PNG"],
  ["an image (JPEG)", "\xff\xd8\xff"],
  ["an image (GIF)", "GIF8"],
  ["an image (WebP)", "RIFF"],
  ["a PDF", "%PDF-"],
  ["a zip archive or a spreadsheet", "PK\x03\x04"],
  ["a gzip archive", "\x1f\x8b"],
  ["an Arrow file", "ARROW1"],
  ["a SQLite database", "SQLite format 3"]
];

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/**
 * Reads a CSV, TSV, JSON, JSON-lines or Parquet file, told apart by what is in it.
 *
 * @throws {TableError} saying in one sentence why it cannot be read.
 */
export async function readTable(file: TableFile): Promise<RawTable> {
  const {name} = file;
  checkSize(name, file.size);
  const buffer = await file.arrayBuffer().catch((error: Error) => {
    throw new TableError(`${name}: must be a file that can be read, got "${error.message}"`);
  });
  checkSize(name, buffer.byteLength);
  const bytes = new Uint8Array(buffer);
  if (bytes.length === 0) throw new TableError(`${name}: must have rows, got an empty file`);
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  if (start.startsWith("PAR1")) {
    const {readParquet} = await import("./read-parquet.js");
    return readParquet(name, bytes, MAX_ROWS);
  }
  const other = others.find(([, magic]) => start.startsWith(magic))?.[0];
  if (other !== undefined)
    throw new TableError(`${name}: must be CSV, TSV, JSON, JSON lines or Parquet, got ${other}`);
  const text = readText(name, bytes);
  const raw =
    /^\s*(?:\{|\[\s*(?:\{|\]))/.test(text) || /\.(json|jsonl|ndjson)$/i.test(name)
      ? readJson(name, text)
      : readCsv(name, text);
  if (raw.rows > MAX_ROWS)
    throw new TableError(`${name}: must have at most ${MAX_ROWS} rows, got ${raw.rows}`);
  return raw;
}

function checkSize(name: string, bytes: number): void {
  if (bytes > MAX_BYTES)
    throw new TableError(
      `${name}: must be at most ${megabytes(MAX_BYTES)} to be read in a page, got ${megabytes(bytes)}`
    );
}
