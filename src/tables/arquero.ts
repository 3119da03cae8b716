import type {ColumnTable} from "arquero";

export type {ColumnTable} from "arquero";

/** Columns of one length, by name, as an arquero table; arquero is loaded with the first. */
export async function columnTable(
  columns: Readonly<Record<string, ArrayLike<unknown>>>
): Promise<ColumnTable> {
  const {table} = await import("arquero");
  return table(columns);
}
