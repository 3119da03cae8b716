import {type ColumnTable, columnTable} from "./arquero.js";

/** Rows as an arquero table with every column that any of them has, in the order met; null where a row has none. */
export function rowTable(rows: readonly Readonly<Record<string, unknown>>[]): Promise<ColumnTable> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return columnTable(
    Object.fromEntries([...names].map((name) => [name, rows.map((row) => row[name] ?? null)]))
  );
}
