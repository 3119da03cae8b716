import {expect, it} from "vitest";
import {rowTable} from "../../src/tables/row-table.js";

it("makes a table of rows that need not have the same columns", async () => {
  const table = await rowTable([
    {id: 1, text: "a"},
    {id: 2, score: 0.5}
  ]);
  expect(table.columnNames()).toEqual(["id", "text", "score"]);
  expect(table.objects()).toEqual([
    {id: 1, text: "a", score: null},
    {id: 2, text: null, score: 0.5}
  ]);
});
