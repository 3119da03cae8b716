import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {gpt2TokenizerJson} from "../../src/model/gpt2-vocab.js";
import {openTokenizerJson} from "../../src/model/hugging-face-tokenizer.js";
import {ModelFileError} from "../../src/model/model-file-error.js";
import {jsonBytes, TINY_MERGES, tinyTokenizerJson, tinyVocab} from "../support/tiny-files.js";
import {unicodeText} from "../support/unicode.js";

const tokenizer = await openTokenizerJson(tinyTokenizerJson(), {vocab: 260, end: 259});
const [TH, THE, SPACE_THE, END] = [256, 257, 258, 259];
const A = 0x61;

/** A piece tokenizer of Llama 2's kind: U+2581 for a space, bytes where no piece fits. */
const pieces = ["<unk>", "<s>", "</s>"];
for (let byte = 0; byte < 256; byte++)
  pieces.push(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);
pieces.push("\u2581", "h", "i", "hi", "\u2581hi");
const LLAMA_TOKENIZER = {
  added_tokens: pieces.slice(0, 3).map((content, id) => ({id, content, special: true})),
  normalizer: {
    type: "Sequence",
    normalizers: [
      {type: "Prepend", prepend: "\u2581"},
      {type: "Replace", pattern: {String: " "}, content: "\u2581"}
    ]
  },
  post_processor: {
    type: "TemplateProcessing",
    single: [{SpecialToken: {id: "<s>", type_id: 0}}, {Sequence: {id: "A", type_id: 0}}]
  },
  decoder: {
    type: "Sequence",
    decoders: [
      {type: "Replace", pattern: {String: "\u2581"}, content: " "},
      {type: "ByteFallback"},
      {type: "Fuse"},
      {type: "Strip", content: " ", start: 1, stop: 0}
    ]
  },
  model: {
    type: "BPE",
    unk_token: "<unk>",
    byte_fallback: true,
    vocab: Object.fromEntries(pieces.map((piece, id) => [piece, id])),
    merges: ["h i", "\u2581 hi"]
  }
};
const llama = await openTokenizerJson(LLAMA_TOKENIZER, {vocab: 264, end: 2});

describe("openTokenizerJson", () => {
  it("merges in the order of the table", () => {
    expect(tokenizer.encode("the the th")).toEqual([THE, SPACE_THE, 0x20, TH]);
    expect(tokenizer.encode("a")).toEqual([A]);
    expect(tokenizer.encode("")).toEqual([]);
  });

  it("gives the text of single tokens", () =>
    expect([SPACE_THE, A, 0xc3, END, 5000].map((id) => tokenizer.token(id))).toEqual([
      " the",
      "a",
      "\uFFFD",
      "<|endoftext|>",
      "\uFFFD"
    ]));

  it("says how many tokens there are and which ends a text", () => {
    expect(tokenizer).toMatchObject({vocab: 260, end: END});
    expect(tokenizer.begin).toBeUndefined();
  });

  it.each([
    ["byte-level", tokenizer],
    ["with byte fallback", llama]
  ])("gives back any text, %s", (_, subject) => {
    fc.assert(
      fc.property(unicodeText(["t", "h", "e", "i", " ", "\n"]), (text) => {
        fc.pre(!text.includes("\u2581"));
        expect(subject.decode(subject.encode(text))).toBe(text);
      }),
      {numRuns: 1000}
    );
  });

  it("takes the begin token from the template, and keeps a first piece's space", () => {
    expect(llama).toMatchObject({begin: 1, end: 2});
    expect(llama.encode("hi hi")).toEqual([263, 263]);
    expect(llama.token(263)).toBe(" hi");
    expect(llama.decode([263, 263])).toBe("hi hi");
    expect(llama.token(3 + 0xe2)).toBe("\uFFFD");
  });

  it("fits a model whose embeddings are padded", async () =>
    expect((await openTokenizerJson(tinyTokenizerJson(), {vocab: 384})).vocab).toBe(260));

  it("builds GPT-2's from vocab.json and merges.txt", async () => {
    const merges = new TextEncoder().encode(`#version: 0.2\n${TINY_MERGES.join("\n")}\n`);
    const built = await openTokenizerJson(gpt2TokenizerJson(jsonBytes(tinyVocab()), merges), {
      vocab: 260
    });
    for (const text of ["the the th", "naïve<|endoftext|>\n\n the"])
      expect(built.encode(text)).toEqual(tokenizer.encode(text));
  });

  const json = tinyTokenizerJson();
  const {model} = json;
  it.each<[string, object, number, string]>([
    [
      "a model with a smaller vocabulary",
      json,
      200,
      "must match the model, whose vocabulary is 200, got token ids up to 259"
    ],
    [
      "a model with a much larger vocabulary",
      json,
      50257,
      "must match the model, whose vocabulary is 50257, got only 260 tokens"
    ],
    ["no model", {...json, model: null}, 260, "model must be an object, got null"],
    [
      "another kind of model",
      {...json, model: {...model, type: "Unigram"}},
      260,
      'model.type must be "BPE", other kinds are not read, got "Unigram"'
    ],
    [
      "a vocabulary that is no object",
      {...json, model: {...model, vocab: ["a"]}},
      260,
      "model.vocab must be an object, got an array of 1"
    ],
    [
      "an id that is no number",
      {...json, model: {...model, vocab: {a: "0"}}},
      260,
      'the id of "a" must be a whole number from 0, got "0"'
    ],
    [
      "an id given twice",
      {...json, model: {...model, vocab: {a: 0, b: 0}}},
      260,
      'id 0 must be that of one token, "a" and "b" have it'
    ],
    [
      "an id that no table could hold",
      {...json, model: {...model, vocab: {a: 2 ** 40}}},
      260,
      "must match the model, whose vocabulary is 260, got token ids up to 1099511627776"
    ],
    [
      "a merge of one piece",
      {...json, model: {...model, merges: ["t h", "the"]}},
      260,
      'model.merges[1] must be two pieces with a space between, got "the"'
    ],
    ["no decoder", {...json, decoder: null}, 260, "decoder must be an object, got null"],
    [
      "an added token without text",
      {...json, added_tokens: [{id: 3, content: ""}]},
      260,
      'the content of an added token must be a text, got ""'
    ],
    [
      "a decoder that nobody knows",
      {...json, decoder: {type: "Magic"}},
      260,
      'must be a tokenizer that can be built, got "Unknown Decoder type: Magic"'
    ]
  ])("refuses %s", (_, given, vocab, sentence) =>
    expect(openTokenizerJson({...given}, {vocab})).rejects.toThrow(
      new ModelFileError(`tokenizer.json: ${sentence}`)
    )
  );
});
