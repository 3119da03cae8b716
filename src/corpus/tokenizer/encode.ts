import {byteCharacters, endOfText, pieces, spell} from "./pieces.js";
import type {Bpe} from "./train.js";

/** Turns text into token ids and back; pieces are remembered, so a large corpus is quick. */
export interface Encoder {
  readonly endOfText: number;
  readonly encode: (text: string) => number[];
  readonly decode: (ids: Iterable<number>) => string;
}

export function encoder({vocab, merges}: Bpe): Encoder {
  const ranks = new Map(merges.map(([left, right], rank) => [`${left} ${right}`, rank]));
  const tokens = [...vocab.keys()];
  const known = new Map<string, readonly number[]>();
  const byteOf = new Map(byteCharacters.map((character, byte) => [character, byte]));
  const encodePiece = (piece: string): readonly number[] => {
    const cached = known.get(piece);
    if (cached !== undefined) return cached;
    const ids = mergeAll([...spell(piece)], ranks).map((token) => vocab.get(token)!);
    known.set(piece, ids);
    return ids;
  };
  return {
    endOfText: vocab.get(endOfText)!,
    encode: (text) => pieces(text).flatMap(encodePiece),
    decode: (ids) => {
      const spelt = Array.from(ids, (id) => tokens[id]).filter((token) => token !== endOfText);
      return new TextDecoder().decode(
        Uint8Array.from([...spelt.join("")], (character) => byteOf.get(character)!)
      );
    }
  };
}

/** Merges the adjacent pair of lowest rank, again and again, until none is in the table. */
function mergeAll(letters: string[], ranks: ReadonlyMap<string, number>): string[] {
  const word = letters;
  for (;;) {
    let best = -1;
    let lowest = Infinity;
    for (let i = 0; i + 1 < word.length; i++) {
      const rank = ranks.get(`${word[i]} ${word[i + 1]}`);
      if (rank !== undefined && rank < lowest) {
        lowest = rank;
        best = i;
      }
    }
    if (best < 0) return word;
    word.splice(best, 2, word[best] + word[best + 1]);
  }
}
