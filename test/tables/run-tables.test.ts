import * as aq from "arquero";
import {beforeAll, describe, expect, it} from "vitest";
import type {Connection, Database} from "../../src/tables/database.js";
import {namedTables, RunTables} from "../../src/tables/run-tables.js";
import {runSchema, type RunTable} from "../../src/tables/schema.js";
import {fixtureRun} from "./fixture-run.js";
import {nodeDatabase} from "./node-database.js";

let database: Database;
beforeAll(async () => {
  database = await nodeDatabase();
});
const open = () => Promise.resolve(database);
const tables = (capacity = 4) => new RunTables(open, {capacity, settle: 0});
const rows = (result: Iterable<object>) => Array.from(result, (row) => ({...row}));

async function schemas(): Promise<number> {
  const connection = await database.connect();
  const [{n}] = rows(
    await connection.query(
      "SELECT count(*) AS n FROM duckdb_schemas() WHERE schema_name LIKE 'run_%'",
      []
    )
  ) as {n: number}[];
  await connection.close();
  return n;
}

describe("the tables of a run", () => {
  it.each(Object.keys(runSchema) as RunTable[])("%s has the columns of schema.ts", async (name) => {
    const sql = tables().sql(fixtureRun());
    const described = rows(await sql([`DESCRIBE ${name}`])) as {
      column_name: string;
      column_type: string;
    }[];
    expect(described.map(({column_name, column_type}) => [column_name, column_type])).toEqual(
      runSchema[name].columns.map(({name, type}) => [name, type])
    );
  });

  it("hold one row per vector, with head and position read off the axes", async () => {
    const sql = tables().sql(fixtureRun());
    const found = rows(
      await sql`SELECT site, layer, head, pos, vector::VARCHAR AS vector FROM activations
        WHERE vector[1] = 6 ORDER BY site`
    );
    expect(found).toEqual([
      {site: "blocks.1.attn.hook_pattern", layer: 1, head: 0, pos: 2, vector: "[6.0, 7.0, 8.0]"},
      {site: "blocks.1.attn.hook_z", layer: 1, head: 1, pos: 1, vector: "[6.0, 7.0]"}
    ]);
  });

  it("unnest to one row per number", async () => {
    const sql = tables().sql(fixtureRun());
    const found = rows(
      await sql`SELECT pos, channel, value FROM activation_values
        WHERE site = ${"hook_embed"} AND pos = ${2} ORDER BY channel`
    );
    expect(found).toEqual([0, 1, 2, 3].map((channel) => ({pos: 2, channel, value: 8 + channel})));
  });

  it("join tokens and lens", async () => {
    const sql = tables().sql(fixtureRun());
    const found = rows(
      await sql`SELECT layer, t.token, l.token AS next, p FROM lens l JOIN tokens t USING (pos)
        WHERE rank = 1 AND pos = 1 ORDER BY layer`
    );
    expect(found).toEqual([0, 1, 2].map((layer) => ({layer, token: " war", next: " t0", p: 0.25})));
  });

  it("give results that arquero reads", async () => {
    const sql = tables().sql(fixtureRun());
    const table = aq.from([
      ...(await sql`SELECT pos, p FROM predictions WHERE rank = 1`)
    ] as object[]);
    expect(table.array("p")).toEqual([0.5, 0.25, 0.5 / 3]);
  });

  it("are each run's own, while queries of several run at once", async () => {
    const store = tables(2);
    const firsts = await Promise.all(
      [0, 100, 200, 300, 0].map(async (from) => {
        const result = await store.sql(
          fixtureRun(from)
        )`SELECT min(value) AS v FROM activation_values`;
        return (rows(result)[0] as {v: number}).v;
      })
    );
    expect(firsts).toEqual([0, 100, 200, 300, 0]);
  });

  it("are dropped when newer runs come, and made again when asked for", async () => {
    const before = await schemas();
    const store = tables(2);
    const old = fixtureRun();
    const count = () => store.sql(old)`SELECT count(*) AS n FROM activations`;
    expect(rows(await count())).toEqual([{n: 15}]);
    for (let i = 0; i < 20; i++) await store.sql(fixtureRun(i))`FROM tokens`;
    expect(store.size).toBe(2);
    expect(await schemas()).toBe(before + 2);
    expect(rows(await count())).toEqual([{n: 15}]);
    expect(await schemas()).toBe(before + 2);
  });

  it("outlive their eviction for as long as a query needs them", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow: Database = {
      async connect(): Promise<Connection> {
        const connection = await database.connect();
        const query: Connection["query"] = async (text, parameters) => {
          if (text.startsWith("FROM tokens")) await held;
          return connection.query(text, parameters);
        };
        return {...connection, query};
      }
    };
    const store = new RunTables(() => Promise.resolve(slow), {capacity: 1, settle: 0});
    const first = store.sql(fixtureRun())(["FROM tokens"]);
    await store.sql(fixtureRun())`FROM lens`;
    release();
    expect((await first).numRows).toBe(3);
  });

  it("are never made for a run that is replaced while its query waits", async () => {
    const store = new RunTables(open, {settle: 30});
    const run = fixtureRun();
    const query = store.sql(run)`FROM tokens`;
    store.retire(run);
    await expect(query).rejects.toThrow("sql: a newer run has replaced this one");
    expect(store.size).toBe(0);
  });

  it("leave a wrong name to one sentence of DuckDB's", async () => {
    const sql = tables().sql(fixtureRun());
    await expect(sql`SELECT * FROM activation`).rejects.toThrow(
      /^sql: Catalog Error: Table with name activation does not exist! Did you mean "[^\n]*$/
    );
    await expect(sql`SELECT tokn FROM tokens`).rejects.toThrow(
      /^sql: Binder Error: Referenced column "tokn" not found in FROM clause! Candidate bindings: "[^\n]*$/
    );
  });
});

describe("namedTables", () => {
  it("finds whole words in any case", () => {
    expect(namedTables("select * from LENS join tokens using (pos)")).toEqual(["tokens", "lens"]);
    expect(namedTables("FROM activation_values")).toEqual(["activation_values"]);
  });
  it("takes all of them where the query lists tables", () => {
    expect(namedTables("SHOW TABLES")).toEqual(Object.keys(runSchema));
  });
});
