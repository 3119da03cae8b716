import {spawnSync} from "node:child_process";
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {afterAll, expect, it} from "vitest";
import type {RecordingCard} from "../../src/cli/write-recording.js";
import {unpackColumns} from "../../src/tables/packed-columns.js";
import {recordSchema} from "../../src/tables/schema.js";

const folder = mkdtempSync(join(tmpdir(), "workings-record-"));
afterAll(() => rmSync(folder, {recursive: true}));

const record = (corpus: string, out: string, ...more: string[]) =>
  spawnSync(
    process.execPath,
    [
      ...["bin/workings.js", "record", "--model", "house-300k", "--backend", "wasm"],
      ...["--dictionaries", "test/fixtures/dictionaries", "--corpus", corpus],
      ...["--out", join(folder, out), "--work", join(folder, "work"), ...more]
    ],
    {encoding: "utf8"}
  );

it("records lines of text as tables and shards, twice alike", () => {
  const corpus = join(folder, "texts.jsonl");
  const texts = ["The war lasted from 1743 to 1752.", "Monday, Tuesday, Wednesday"];
  writeFileSync(corpus, texts.map((text) => JSON.stringify({text, source: "own"})).join("\n"));
  const first = record(corpus, "first", "--json", "--threshold", "0.5");
  expect(first.stderr).toBe("");
  const card = JSON.parse(first.stdout) as RecordingCard;
  expect(Object.keys(card.tables)).toEqual(Object.keys(recordSchema));
  expect(card.dictionaries).toEqual(["mlp1sae", "mlp1tc"]);
  expect(card.tables.corpus.rows).toBe(card.tokens);
  expect(card.tables.features.rows).toBe(2 * 72);
  rmSync(join(folder, "work"), {recursive: true});
  const second = record(corpus, "second", "--json", "--threshold", "0.5");
  expect(JSON.parse(second.stdout)).toEqual(card);
  const files = readdirSync(join(folder, "first"), {recursive: true}).map(String);
  expect(files).toContain("mlp1tc/0.bin.gz");
  for (const file of files.filter((name) => !/^mlp1\w+$/.test(name)))
    expect(
      readFileSync(join(folder, "first", file)).equals(
        readFileSync(join(folder, "second", file))
      ) || file === "tables.duckdb"
    ).toBe(true);
  const packed = gunzipSync(readFileSync(join(folder, "first/corpus.bin.gz")));
  const {tokens} = unpackColumns(packed, {tokens: "u16"}, "corpus");
  expect(tokens.length).toBe(card.tokens);
}, 120_000);

it.each([
  ["no.jsonl", [], /^--corpus: must be a file to read, .*no\.jsonl/],
  ["package.json", [], /^package\.json: seed must be a whole number from 0, got /],
  ["no.jsonl", ["--threshold", "x"], /^--threshold: must be a number above 0, .*got "x"\n/]
])("refuses %s %j in one sentence", (corpus, more, sentence) => {
  const {stderr, status} = record(corpus, "none", ...more);
  expect(stderr).toMatch(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(status).toBe(1);
});
