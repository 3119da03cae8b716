import {Tokenizer} from "@huggingface/tokenizers";
import {describe, expect, it} from "vitest";
import {encoder} from "../../src/corpus/tokenizer/encode.js";
import {parseTokenizerJson, tokenizerJson} from "../../src/corpus/tokenizer/json.js";
import {pieces} from "../../src/corpus/tokenizer/pieces.js";
import {trainBpe} from "../../src/corpus/tokenizer/train.js";
import {generateCorpus} from "../../src/corpus/generator/generate.js";
import {seeded} from "../../src/corpus/random.js";
import {wholeAfterSpace, wholeWords} from "../../src/corpus/words.js";

const whole = [...wholeWords, ...[...wholeWords, ...wholeAfterSpace].map((word) => ` ${word}`)];
const text = [...generateCorpus(seeded(5), "train", 200_000)].map((one) => one.text).join("\n");
const counts = new Map<string, number>();
for (const piece of pieces(text)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
const bpe = trainBpe(counts, {size: 1750, whole});
const ours = encoder(bpe);

const samples = [
  "The war lasted from 1743 to 17",
  "174 and 7 and 12345, 007",
  "  Two spaces,\n\na blank line\t and a tab ",
  "don't, we'll, I'd, O'Brien's",
  "naïve café — 你好 🙂",
  "const x = [1, 2];\nconsole.log(x[0]); // 1",
  ""
];

describe("trainBpe", () => {
  it("merges the most frequent pair first, by hand on a small text", () => {
    const small = trainBpe(
      new Map([
        ["aab", 3],
        ["ab", 2],
        ["cc", 4]
      ]),
      {size: 1 + 256 + 100 + 2, whole: []}
    );
    expect(small.merges.slice(100)).toEqual([
      ["a", "b"],
      ["c", "c"]
    ]);
  });

  it("makes a wanted piece whole though it never occurs", () => {
    const small = trainBpe(new Map([["aab", 3]]), {size: 365, whole: [" Mon"]});
    expect(encoder(small).encode(" Mon")).toHaveLength(1);
  });

  it("says how much room the wanted pieces need", () => {
    expect(() => trainBpe(new Map(), {size: 358, whole: ["Monday"]})).toThrow(
      "trainBpe: size must leave room for 5 merges that make the wanted pieces whole, got 358"
    );
  });

  it("fills the vocabulary and keeps every wanted piece whole", () => {
    expect(bpe.vocab.size).toBe(1750);
    for (const piece of whole) expect(ours.encode(piece), piece).toHaveLength(1);
    for (let i = 0; i < 100; i++) {
      expect(ours.encode(String(i).padStart(2, "0"))).toHaveLength(1);
    }
  });

  it("cuts longer numbers into pairs from the left", () => {
    const cut = (number: string): string[] => ours.encode(number).map((id) => ours.decode([id]));
    expect(cut("1743")).toEqual(["17", "43"]);
    expect(cut("174")).toEqual(["17", "4"]);
  });
});

describe("tokenizerJson", () => {
  const json = JSON.parse(tokenizerJson(bpe)) as object;
  const theirs = new Tokenizer(json, {});

  it.each([...samples, text.slice(0, 20_000)].map((sample) => [sample.slice(0, 40), sample]))(
    "gives a foreign reader the same ids for %j",
    (_, sample) => {
      expect(theirs.encode(sample, {add_special_tokens: false}).ids).toEqual(ours.encode(sample));
    }
  );

  it.each(samples)("decodes %j to itself", (sample) => {
    expect(ours.decode(ours.encode(sample))).toBe(sample);
  });

  it("begins a text with the end-of-text token", () => {
    expect(theirs.encode("Monday").ids).toEqual([ours.endOfText, ...ours.encode("Monday")]);
  });

  it("is read back as it was", () => {
    const read = parseTokenizerJson(tokenizerJson(bpe));
    expect([...read.vocab]).toEqual([...bpe.vocab]);
    expect(read.merges).toEqual(bpe.merges);
  });
});
