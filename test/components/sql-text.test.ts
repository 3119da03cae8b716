import {describe, expect, it} from "vitest";
import {sqlText} from "../../src/components/sql-text.js";
import type {QueryResult} from "../../src/tables/database.js";
import {nodeDatabase} from "../tables/node-database.js";

const rows = [
  {token: " it's", pos: 0, p: 0.25, chosen: true, 'odd "name"': null, list: [1, "a"]},
  {token: "a\nb", pos: 1, p: Number.NaN, chosen: false, 'odd "name"': "x", list: []}
];

const rowsOf = (result: QueryResult) =>
  result.toArray().map((row: {toJSON(): Record<string, unknown>}) => row.toJSON());

describe("sqlText", () => {
  it("makes the same table in a database", async () => {
    const connection = await (await nodeDatabase()).connect();
    await connection.query(sqlText("top", rows, "SELECT *\nFROM run; DROP TABLE x"), []);
    const back = await connection.query("SELECT * FROM top ORDER BY pos", []);
    expect(rowsOf(back)).toEqual([
      {...rows[0], list: '[1,"a"]'},
      {...rows[1], list: "[]"}
    ]);
    const types = await connection.query(
      "SELECT data_type AS t FROM duckdb_columns() WHERE table_name = 'top'",
      []
    );
    expect(rowsOf(types).map(({t}) => t)).toEqual([
      "VARCHAR",
      "BIGINT",
      "DOUBLE",
      "BOOLEAN",
      "VARCHAR",
      "VARCHAR"
    ]);
    await connection.close();
  });

  it("takes the union of the rows' columns, and says of nothing that it is nothing", () => {
    expect(sqlText("t", [{a: 1}, {b: 2}])).toContain("(NULL, 2)");
    expect(sqlText("t", [])).toBe("-- no rows\n");
  });
});
