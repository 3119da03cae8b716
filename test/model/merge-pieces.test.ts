import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {mergePieces} from "../../src/model/merge-pieces.js";

/** llama2.c's own loop: scan every pair, join the best, again. */
function scan(characters: readonly string[], score: (piece: string) => number | undefined) {
  const pieces = [...characters];
  for (;;) {
    let best = -Infinity;
    let at = -1;
    for (let i = 0; i + 1 < pieces.length; i++) {
      const value = score(pieces[i] + pieces[i + 1]);
      if (value !== undefined && value > best) [best, at] = [value, i];
    }
    if (at < 0) return pieces;
    pieces.splice(at, 2, pieces[at] + pieces[at + 1]);
  }
}

describe("mergePieces", () => {
  it("joins the leftmost of equal pairs", () =>
    expect(mergePieces(["a", "a", "a"], (piece) => (piece === "aa" ? 0 : undefined))).toEqual([
      "aa",
      "a"
    ]));

  it("joins as a scan of all pairs does", () => {
    const scores = fc.dictionary(
      fc.string({unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 6}),
      fc.integer({min: -5, max: 0}),
      {maxKeys: 60}
    );
    const text = fc.array(fc.constantFrom("a", "b", "c"), {maxLength: 40});
    fc.assert(
      fc.property(text, scores, (characters, table) => {
        const score = (piece: string) => (Object.hasOwn(table, piece) ? table[piece] : undefined);
        expect(mergePieces(characters, score)).toEqual(scan(characters, score));
      }),
      {numRuns: 2000}
    );
  });

  it("reads 200,000 characters in a moment", () => {
    const start = performance.now();
    const pieces = mergePieces(
      Array.from({length: 200_000}, () => "a"),
      (piece) => (piece.length <= 8 ? piece.length : undefined)
    );
    expect(pieces.join("")).toHaveLength(200_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
