import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {deflateSync, gzipSync} from "node:zlib";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {capReligious} from "../../scripts/corpus/balance.js";
import {dictdEntries, dictdNumber} from "../../scripts/corpus/dictd.js";
import {tidy, unwrap} from "../../scripts/corpus/document.js";
import type {Source} from "../../scripts/corpus/natural.js";
import {splitDocuments} from "../../scripts/corpus/split.js";
import {plainOsis, readBlocks} from "../../scripts/corpus/sword.js";
import {glossLine} from "../../scripts/corpus/wordnet.js";
import {hash, seeded} from "../../src/corpus/random.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "corpus-"));
});
afterAll(() => rmSync(folder, {recursive: true}));

describe("readBlocks", () => {
  const index = (offset: number, bytes: number): Buffer => {
    const record = Buffer.alloc(12);
    record.writeUInt32LE(offset, 0);
    record.writeUInt32LE(bytes, 4);
    return record;
  };

  it("inflates every block and passes over empty ones", () => {
    const one = deflateSync("<p>One</p>");
    const two = deflateSync("Two");
    writeFileSync(join(folder, "a.bzz"), Buffer.concat([one, two]));
    const records = [index(0, one.length), index(0, 0), index(one.length, two.length)];
    writeFileSync(join(folder, "a.bzs"), Buffer.concat(records));
    expect(readBlocks(join(folder, "a.bz"))).toEqual(["<p>One</p>", "Two"]);
  });

  it("refuses a record that points outside the file", () => {
    writeFileSync(join(folder, "b.bzz"), deflateSync("x"));
    writeFileSync(join(folder, "b.bzs"), index(4, 4_000_000_000));
    expect(() => readBlocks(join(folder, "b.bz"))).toThrow(
      /record 0 must end inside the 9 bytes of .*b\.bzz, got 4000000004/
    );
  });
});

describe("plainOsis", () => {
  it("keeps the words and leaves notes, headings and markup out", () => {
    const osis =
      '<title>Psalm 1</title><chapter n="1"/><w lemma="H1">Blessed</w> is<note>or, happy</note> the man &amp; all.';
    expect(plainOsis(osis)).toBe("Blessed is the man & all.");
  });
});

describe("dictdEntries", () => {
  it("reads entries once each, in file order, and leaves the file's own notes out", () => {
    expect(dictdNumber("BA")).toBe(64);
    writeFileSync(join(folder, "d.dict.dz"), gzipSync("about\nZOO, n. Cage.\nANT, n. Worker.\n"));
    const index = "00database\tA\tG\nzoo\tG\tO\nant\tU\tQ\nworker\tU\tQ\n";
    writeFileSync(join(folder, "d.index"), index);
    expect(dictdEntries(join(folder, "d"))).toEqual(["ZOO, n. Cage.\n", "ANT, n. Worker.\n"]);
  });
});

describe("glossLine", () => {
  it("writes the words and the gloss of a synset", () => {
    const line =
      '00040035 04 n 02 contact 2 eye_contact 0 001 @ 00039759 n 0000 | touching; "in contact"  ';
    expect(glossLine(line)).toBe('contact, eye contact: touching; "in contact"');
    expect(glossLine("  1 This software and database")).toBeNull();
  });
});

describe("tidy", () => {
  it("uses plain quotes, dashes and spaces", () => {
    expect(tidy("“Don’t”—he  said…\n\n\nso")).toBe('"Don\'t" -- he said...\nso');
  });

  it("joins wrapped lines only within a paragraph", () => {
    expect(unwrap("one\ntwo\n\nthree")).toBe("one two\nthree");
  });
});

describe("capReligious", () => {
  it("drops whole documents of the largest religious source until 40 % are left", () => {
    const source = (name: string, religious: boolean): Source => ({
      source: name,
      religious,
      title: name,
      licence: "",
      package: name,
      registry: "npm",
      version: "1",
      sha256: ""
    });
    const documents = [
      {source: "secular", id: "s", text: "x".repeat(600)},
      {source: "small", id: "m", text: "x".repeat(100)},
      ...Array.from({length: 10}, (_, i) => ({source: "large", id: `${i}`, text: "x".repeat(100)}))
    ];
    const sources = [source("secular", false), source("small", true), source("large", true)];
    const kept = capReligious(documents, sources);
    expect(kept.filter((document) => document.source === "large")).toHaveLength(3);
    expect(kept.filter((document) => document.source === "small")).toHaveLength(1);
  });
});

describe("splitDocuments", () => {
  const random = seeded(9);
  const text = (): number[] => Array.from({length: 200}, () => random.int(2048));
  const names = Array.from({length: 400}, (_, i) => `document ${i}`);
  const heldNames = names.filter((name) => hash(name) % 25 === 0);

  it("holds out by name and finds no leak in unlike texts", () => {
    const documents = names.map((id) => ({source: "a", id, tokens: text()}));
    const {train, heldout, overlap} = splitDocuments(documents);
    expect(heldout.map(({id}) => id)).toEqual(heldNames);
    expect(train).toHaveLength(400 - heldNames.length);
    expect(overlap).toBe(0);
  });

  it("moves a document that repeats the training text to training", () => {
    const shared = text();
    const leaky = heldNames[0];
    const other = names.find((name) => !heldNames.includes(name))!;
    const documents = names.map((id) => ({
      source: "a",
      id,
      tokens: id === leaky ? [...text(), ...shared.slice(0, 40)] : id === other ? shared : text()
    }));
    const {train, heldout} = splitDocuments(documents);
    expect(heldout.map(({id}) => id)).toEqual(heldNames.slice(1));
    expect(train.some(({id}) => id === leaky)).toBe(true);
  });
});
