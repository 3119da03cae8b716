import {type ColumnTable, columnTable} from "./arquero.js";

/** Rows as an arquero table with every column that any of them has, in the order met; null where a row has none. */
export function rowTable(rows: readonly object[]): Promise<ColumnTable> {
  const records = rows as readonly Readonly<Record<string, unknown>>[];
  const names = new Set(records.flatMap((row) => Object.keys(row)));
  return columnTable(
    Object.fromEntries([...names].map((name) => [name, records.map((row) => row[name] ?? null)]))
  );
}
