import {MergeTable} from "./merge-table.js";
import {byteCharacters, endOfText, spell} from "./pieces.js";

/** A byte-pair vocabulary: token → id, and the merges in order of rank. */
export interface Bpe {
  readonly vocab: ReadonlyMap<string, number>;
  readonly merges: readonly (readonly [string, string])[];
}

/** What a vocabulary must hold whatever the counts say. */
export interface Wanted {
  /** Token ids in all: the end-of-text token, 256 bytes, merges. */
  readonly size: number;
  /** Pieces that must be one token each. */
  readonly whole: readonly string[];
}

/**
 * Trains a byte-level BPE. Id 0 is the end-of-text token, 1-256 the bytes; then all pairs of digits
 * (so that 00-99 are whole), then the most frequent pairs, and last what is missing to make every
 * wanted piece whole.
 *
 * @param counts How often each piece occurs.
 * @throws {RangeError} if `size` has no room for the wanted pieces.
 */
export function trainBpe(counts: ReadonlyMap<string, number>, {size, whole}: Wanted): Bpe {
  const table = new MergeTable(byteCharacters);
  const wanted = whole.map(spell);
  const merged = new Map<string, number>(wanted.map((word) => [word, 0]));
  for (const [piece, count] of counts) {
    const word = spell(piece);
    if (word.length > 1) merged.set(word, (merged.get(word) ?? 0) + count);
  }
  for (const [word, count] of merged) table.add(word, Math.max(count, 1));
  const digits = "0123456789";
  for (const a of digits) for (const b of digits) table.merge(a, b);
  const room = size - 1;
  const missing = (): number =>
    wanted.reduce((sum, word) => sum + table.splitOf(word).length - 1, 0);
  if (room - table.tokens.length < missing()) {
    throw new RangeError(
      `trainBpe: size must leave room for ${missing()} merges that make the wanted pieces whole, got ${size}`
    );
  }
  while (room - table.tokens.length > missing()) {
    const pair = table.best();
    if (pair === null) break;
    table.merge(...pair);
  }
  for (const word of wanted) {
    for (let split = table.splitOf(word); split.length > 1; split = table.splitOf(word)) {
      table.merge(split[0], split[1]);
    }
  }
  for (let pair = table.best(); table.tokens.length < room && pair !== null; pair = table.best()) {
    table.merge(...pair);
  }
  const tokens = [endOfText, ...table.tokens];
  return {vocab: new Map(tokens.map((token, id) => [token, id])), merges: table.merges};
}
