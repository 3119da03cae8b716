import {TableError} from "./read-error.js";

const marks: readonly (readonly [encoding: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]]
];

/**
 * The text of a file: UTF-8, or UTF-16 behind a byte-order mark, which is left out.
 *
 * @throws {TableError} naming the line of the first byte that is neither.
 */
export function readText(name: string, bytes: Uint8Array): string {
  const [encoding] = marks.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte)) ?? [
    "utf-8"
  ];
  const text = decoded(bytes, encoding);
  if (text === undefined) {
    if (encoding !== "utf-8")
      throw new TableError(
        `${name}: must be whole UTF-16 as its first bytes say, got half a letter`
      );
    if (isBinary(bytes))
      throw new TableError(
        `${name}: must be CSV, TSV, JSON, JSON lines or Parquet, got bytes that are no text in UTF-8, nor in UTF-16 with its byte-order mark`
      );
    const at = firstBad(bytes);
    const byte = bytes[at].toString(16).padStart(2, "0");
    throw new TableError(
      `${name}: must be UTF-8 throughout, got the byte 0x${byte} on line ${lineAt(bytes, at)}; save the file as UTF-8`
    );
  }
  const zero = text.indexOf("\0");
  if (zero >= 0)
    throw new TableError(
      `${name}: must be text, got a zero byte on line ${text.slice(0, zero).split("\n").length}; UTF-16 needs its byte-order mark`
    );
  return text;
}

function decoded(bytes: Uint8Array, encoding: string, stream = false): string | undefined {
  try {
    return new TextDecoder(encoding, {fatal: true}).decode(bytes, {stream});
  } catch {
    return undefined;
  }
}

/** Control characters that no text has, in what is no UTF-8 anyway. */
const isBinary = (bytes: Uint8Array): boolean =>
  bytes.subarray(0, 65_536).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x1b));

/** Where UTF-8 first breaks, by halving the part that is known to break it. */
function firstBad(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (decoded(bytes.subarray(0, middle), "utf-8", true) === undefined) bad = middle;
    else good = middle;
  }
  let at = bad - 1;
  while (at > 0 && bytes[at] < 0x80) at--;
  return at;
}

function lineAt(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let i = 0; i < at; i++) if (bytes[i] === 0x0a) line++;
  return line;
}
