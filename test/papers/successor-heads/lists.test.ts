import {describe, expect, it} from "vitest";
import {openTokenizerJson} from "../../../src/model/hugging-face-tokenizer.js";
import {
  classes,
  idOf,
  successor,
  tokenizerJson,
  VOCAB,
  vocabulary
} from "../../../src/papers/successor-heads/classes.js";
import {CONTEXT, drawText} from "../../../src/papers/successor-heads/lists.js";

describe("the vocabulary", () => {
  it("has every token once, and is the tokenizer's", async () => {
    expect(new Set(vocabulary).size).toBe(VOCAB);
    const tokenizer = await openTokenizerJson(tokenizerJson() as never, {vocab: VOCAB, end: 0});
    const text = "47 , 48 , May then mar again XII starts forty";
    expect(tokenizer.encode(text)).toEqual(text.split(" ").map(idOf));
    expect(tokenizer.decode(tokenizer.encode(text)).trim()).toBe(text);
  });
});

describe("successor", () => {
  it("follows, round a cyclic class and to the end of another", () => {
    const [numbers, days] = classes;
    expect(successor(numbers, 9)).toBe("10");
    expect(successor(numbers, 59)).toBeUndefined();
    expect(successor(days, 6)).toBe("Monday");
  });
});

describe("a text", () => {
  const words = (ids: readonly number[]) => ids.map((id) => vocabulary[id]);

  it("asks for successors behind separators, and nowhere else", () => {
    let asked = 0;
    for (let i = 0; i < 100; i++) {
      const {ids, asks} = drawText(3, i, "digits");
      expect(ids).toHaveLength(CONTEXT + 1);
      const text = words(ids);
      expect(asks).toEqual(
        text.slice(0, -1).flatMap((word, at) => (word === "," || word === "then" ? [at] : []))
      );
      for (const at of asks) {
        const of = classes.find(({members}) => members.includes(text[at - 1]))!;
        expect(text[at + 1]).toBe(successor(of, of.members.indexOf(text[at - 1])));
        asked++;
      }
    }
    expect(asked).toBeGreaterThan(500);
  });

  it("tells digits only where they are told, and tells them rightly", () => {
    const facts = (of: "none" | "digits") =>
      Array.from({length: 100}, (_, i) => words(drawText(3, i, of).ids)).flatMap((text) =>
        text.flatMap((word, at) =>
          word === "ends" && at + 1 < text.length ? [[text[at - 1], text[at + 1]]] : []
        )
      );
    expect(facts("none")).toEqual([]);
    const told = facts("digits");
    expect(told.length).toBeGreaterThan(50);
    const digits = "zero one two three four five six seven eight nine".split(" ");
    for (const [number, digit] of told) expect(digit).toBe(digits[Number(number) % 10]);
  });
});
