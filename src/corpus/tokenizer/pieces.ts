/** The token that stands before every document. */
export const endOfText = "<|endoftext|>";

/**
 * Cuts a text into pieces that no token crosses: contractions, pairs of digits from the left (so
 * 1743 is 17|43 and 174 is 17|4), words and runs of signs with at most one space before, white space.
 */
export const pieceRegex = String.raw`'(?:[sdmt]|ll|ve|re)|\p{N}{1,2}| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

const matcher = new RegExp(pieceRegex, "gu");

export function pieces(text: string): string[] {
  return text.match(matcher) ?? [];
}

/** The printable character that stands for each byte in a byte-level vocabulary, as in GPT-2. */
export const byteCharacters: readonly string[] = (() => {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({length: 256}, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++)
  );
})();

const bytesOf = new TextEncoder();

/** A piece spelt with one printable character per UTF-8 byte. */
export function spell(piece: string): string {
  let spelt = "";
  for (const byte of bytesOf.encode(piece)) spelt += byteCharacters[byte];
  return spelt;
}
