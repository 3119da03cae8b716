import {readFileSync} from "node:fs";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parseLlama2cTokenizer} from "../../src/model/llama2c-tokenizer.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {itShared, shared} from "../support/shared.js";
import {llama2cTokenizerBytes} from "../support/tiny-files.js";
import {unicodeText} from "../support/unicode.js";

const PIECES = [
  [" ", -4],
  ["a", -3],
  ["b", -3],
  ["ab", -1],
  [" a", -2]
] as const;
const bytes = llama2cTokenizerBytes(PIECES);
const tokenizer = parseLlama2cTokenizer(bytes, 264);
const [SPACE, AB, SPACE_A] = [259, 262, 263];

describe("parseLlama2cTokenizer", () => {
  it("joins the pair of the highest score first", () => {
    expect(tokenizer.encode("ab")).toEqual([SPACE, AB]);
    expect(tokenizer.encode("aab")).toEqual([SPACE_A, AB]);
  });

  it("spells what has no piece in bytes", () =>
    expect(tokenizer.encode("é")).toEqual([SPACE, 3 + 0xc3, 3 + 0xa9]));

  it("encodes nothing as nothing", () => expect(tokenizer.encode("")).toEqual([]));

  it("gives the text of single tokens", () =>
    expect([1, 3 + 0x41, 3 + 0xc3, SPACE_A, 999].map((id) => tokenizer.token(id))).toEqual([
      "<s>",
      "A",
      "\uFFFD",
      " a",
      "\uFFFD"
    ]));

  it("leaves the begin token out of a text", () =>
    expect(tokenizer.decode([1, SPACE_A, AB])).toBe("aab"));

  it("gives back any text", () =>
    fc.assert(
      fc.property(unicodeText(["a", "b", " "]), (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      }),
      {numRuns: 1000}
    ));

  itShared("models/stories260K", "encodes as llama2.c does: stories260K's own story", () => {
    const real = parseLlama2cTokenizer(readFileSync(shared("models/stories260K/tok512.bin")), 512);
    const {tokens, text} = JSON.parse(
      readFileSync(shared("models/stories260K/reference.json"), "utf8")
    ) as {tokens: number[]; text: string};
    expect([real.begin, ...real.encode(text)]).toEqual(tokens);
    expect(real.decode(tokens)).toBe(text);
    expect(tokens.map((id) => real.token(id)).join("")).toBe(`<s> ${text}`);
  });

  const withLength = (length: number) => {
    const changed = bytes.slice();
    new DataView(changed.buffer).setInt32(8, length, true);
    return changed;
  };
  it.each<[string, Uint8Array, number, string]>([
    [
      "a model with a larger vocabulary",
      bytes,
      265,
      "tokenizer.bin: must hold the 265 tokens of the model's vocabulary, it ends at token 264"
    ],
    [
      "a model with a much larger vocabulary",
      bytes,
      32000,
      "tokenizer.bin: must hold the 32000 tokens of the model's vocabulary in at least 256004 bytes, got 3675"
    ],
    [
      "a model with a smaller vocabulary",
      bytes,
      263,
      "tokenizer.bin: must hold the 263 tokens of the model's vocabulary, it has 10 bytes more"
    ],
    [
      "a model with fewer tokens than bytes",
      bytes,
      64,
      "tokenizer.bin: must match the model, whose vocabulary is 64, got a kind with at least 259"
    ],
    [
      "a file cut short",
      bytes.subarray(0, -1),
      264,
      "tokenizer.bin: length of token 263 must be in 0 … 1, got 2"
    ],
    [
      "an oversized length",
      withLength(2 ** 31 - 1),
      264,
      "tokenizer.bin: length of token 0 must be in 0 … 6, got 2147483647"
    ],
    [
      "a negative length",
      withLength(-1),
      264,
      "tokenizer.bin: length of token 0 must be in 0 … 6, got -1"
    ]
  ])("refuses %s", (_, file, vocab, sentence) =>
    expect(() => parseLlama2cTokenizer(file, vocab)).toThrow(new ModelFileError(sentence))
  );
});
