import {readFileSync, statSync} from "node:fs";
import {join} from "node:path";
import {beforeAll, describe, expect, it} from "vitest";
import type {FeatureIndex} from "../../src/recording/feature-index.js";
import {FeatureReader, type LoadedDictionary} from "../../src/recording/feature-reader.js";
import {type FeatureQuery, searchFeatures} from "../../src/recording/feature-search.js";
import {nodeDuckdb} from "../../src/tables/node-duckdb.js";

const folder = "data/features/house-3m";
const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as FeatureIndex;
let asked: string[] = [];
const reader = new FeatureReader(index, (file) => {
  asked.push(file);
  return Promise.resolve(new Uint8Array(readFileSync(join(folder, file))));
});
let dictionaries: LoadedDictionary[];
beforeAll(async () => {
  dictionaries = await Promise.all(index.dictionaries.map(({name}) => reader.dictionary(name)));
});

type Rows = {toJSON(): Record<string, string | number>}[];
let query: (sql: string) => Record<string, string | number>[];
beforeAll(async () => {
  const duckdb = await nodeDuckdb();
  duckdb.registerFileBuffer("/tables.duckdb", readFileSync(join(folder, "tables.duckdb")));
  const connection = duckdb.connect();
  connection.query("ATTACH '/tables.duckdb' AS recorded (READ_ONLY)");
  connection.query("USE recorded");
  query = (sql) => (connection.query(sql).toArray() as Rows).map((row) => row.toJSON());
});

describe("FeatureReader", () => {
  it.each([
    ["mlp0tc", 980],
    ["mlp3tc", 127],
    ["mlp5tc", 3071]
  ])("shows of %s[%i] what the tables have", async (dictionary, feature) => {
    const view = await reader.feature(dictionary, feature);
    const where = `dictionary = '${dictionary}' AND feature = ${feature}`;
    const [facts] = query(`FROM features WHERE ${where}`);
    expect(view.frequency).toBe(facts.frequency);
    expect(view.max).toBeCloseTo(Number(facts.max), 1);
    expect(view.match?.label ?? null).toBe(facts.label);
    if (view.match) expect(view.match.f1).toBeCloseTo(Number(facts.f1), 2);
    expect(view.histogram.reduce((a, b) => a + b, 0)).toBe(facts.frequency);
    const contexts = query(
      `SELECT x.kind, x.value, c.text FROM contexts x JOIN corpus c USING (token)
       WHERE ${where} ORDER BY x.kind DESC, x.rank`
    );
    expect(view.contexts).toHaveLength(contexts.length);
    view.contexts.forEach(({kind, value, tokens, at}, i) => {
      expect([kind, tokens[at].text]).toEqual([contexts[i].kind, contexts[i].text]);
      expect(Math.abs(value - Number(contexts[i].value))).toBeLessThan(1e-3 * (1 + value));
      expect(Math.abs(tokens[at].share * view.max - value)).toBeLessThan(0.005 * view.max);
    });
    for (const [name, ends] of [
      ["logits", view.logits],
      ["deembedding", view.deembedding]
    ] as const) {
      const top = query(`SELECT text FROM ${name} WHERE ${where} AND rank > 0 ORDER BY rank`);
      expect(ends.top.map(({text}) => text)).toEqual(top.map(({text}) => text));
      const bottom = query(
        `SELECT text FROM ${name} WHERE ${where} AND rank < 0 ORDER BY rank DESC`
      );
      expect(ends.bottom.map(({text}) => text)).toEqual(bottom.map(({text}) => text));
    }
    const [into] = query(
      `SELECT source, source_feature, weight FROM edges WHERE target = '${dictionary}'
       AND target_feature = ${feature} ORDER BY abs(weight) DESC LIMIT 1`
    );
    expect(view.into[0]?.dictionary).toBe(into?.source);
    if (into) expect(view.into[0].weight).toBeCloseTo(Number(into.weight), 2);
    expect(view.nearest[0].weight).toBeLessThanOrEqual(1.001);
  });

  it("needs at most 300 kB for the first feature", async () => {
    asked = [];
    const fresh = new FeatureReader(index, (file) => {
      asked.push(file);
      return Promise.resolve(new Uint8Array(readFileSync(join(folder, file))));
    });
    await fresh.feature("mlp0tc", 980);
    expect([...asked].sort()).toEqual(["corpus.bin.gz", "mlp0tc/7.bin.gz", "mlp0tc/index.bin.gz"]);
    const bytes = ["index.json", ...asked].map((file) => statSync(join(folder, file)).size);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(300e3);
  });

  it("keeps few shards, however many features are opened, and asks again for one that is gone", async () => {
    asked = [];
    for (let feature = 0; feature < 3072; feature += 128) await reader.feature("mlp4tc", feature);
    await reader.feature("mlp4tc", 3071);
    expect(asked.filter((file) => file.startsWith("mlp4tc/"))).toHaveLength(24);
    await reader.feature("mlp4tc", 0);
    expect(asked.filter((file) => file === "mlp4tc/0.bin.gz")).toHaveLength(2);
  });

  it("refuses what is no feature in one sentence", async () => {
    await expect(reader.feature("mlp9tc", 0)).rejects.toThrow(
      "features: dictionary must be mlp0tc, mlp1tc, mlp2tc, mlp3tc, mlp4tc, mlp5tc, got mlp9tc"
    );
    await expect(reader.feature("mlp0tc", 3072)).rejects.toThrow(
      "features: feature must be in 0 … 3071 of mlp0tc, got 3072"
    );
  });
});

describe("searchFeatures(index, dictionaries, query, searched)", () => {
  const all = {by: "label", text: "", least: 0, most: 1, sort: "f1"} as const;
  const search = async (asked: Partial<FeatureQuery>) => {
    const searched = {
      tokens: await reader.tokens(),
      places: await Promise.all(index.dictionaries.map(({name}) => reader.places(name)))
    };
    const started = performance.now();
    const result = searchFeatures(index, dictionaries, {...all, ...asked}, searched);
    return {...result, milliseconds: performance.now() - started};
  };

  it("finds all features without a text, by frequency those that fire so often", async () => {
    expect((await search({})).count).toBe(18_432);
    const {count, found} = await search({most: 0.01, sort: "frequency"});
    expect(count).toBe(query("SELECT count(*) AS n FROM features WHERE density <= 0.01")[0].n);
    expect(found).toHaveLength(50);
    expect(found[0].frequency).toBeGreaterThanOrEqual(found[49].frequency);
  });

  it("finds features by their label, by a token, and by the text around where they fire", async () => {
    const byLabel = await search({text: "day=Tuesday"});
    expect(byLabel.count).toBe(
      query("SELECT count(*) AS n FROM features WHERE label = 'day=Tuesday'")[0].n
    );
    expect(byLabel.found[0].tokens.join()).toContain("Tuesday");
    const byToken = await search({by: "token", text: "tuesday"});
    expect(byToken.count).toBeGreaterThan(0);
    for (const {tokens} of byToken.found) expect(tokens.join()).toContain("Tuesday");
    const byText = await search({by: "text", text: "lasted from"});
    expect(byText.count).toBeGreaterThan(0);
    for (const {dictionary, feature} of byText.found.slice(0, 5)) {
      const {contexts} = await reader.feature(dictionary, feature);
      const texts = contexts.slice(0, 5).map(({tokens}) => tokens.map(({text}) => text).join(""));
      expect(texts.some((text) => text.includes("lasted from"))).toBe(true);
    }
    expect((await search({by: "text", text: "no such words at all"})).count).toBe(0);
  });

  it("answers over all features in under 100 ms, the fastest of five", async () => {
    for (const by of ["label", "token", "text"] as const) {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) times.push((await search({by, text: "the"})).milliseconds);
      expect(Math.min(...times)).toBeLessThan(100);
    }
  });
});
