import {type ColumnTable, columnTable} from "./arquero.js";
import {TableError} from "./read-error.js";

/** What a file holds, before anyone said what it must hold. */
export interface RawTable {
  /** Of the file. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, readonly unknown[]>;
  readonly rows: number;
  /** Whether every cell is a text, and numbers are still to be told from texts. */
  readonly isText: boolean;
  /** Where a row stands in the file, in words. */
  readonly place: (row: number) => string;
}

/** What a column must hold in every row. */
export type Kind = "any" | "text" | "number";

/** The columns that a page needs, by the names that it uses. */
export type Wanted = Readonly<Record<string, Kind>>;

/** A column that is missing or holds something else; another one may be meant. */
export class ColumnError extends TableError {
  override name = "ColumnError";
}

/**
 * A table with the columns wanted first, each taken from the column of the file that `from` names,
 * else from its namesake, and behind them the rest of the file's. Where nothing is wanted of a
 * text column, it becomes numbers if every cell is one or empty, and an empty cell becomes null; numbers with a
 * leading zero stay texts.
 *
 * @throws {ColumnError} naming what there is instead.
 */
export async function shapeTable(
  raw: RawTable,
  wanted: Wanted,
  from: Readonly<Record<string, string>> = {}
): Promise<ColumnTable> {
  const {name, columns, rows} = raw;
  if (rows === 0)
    throw new TableError(
      `${name}: must have at least one row below the names of columns, got none`
    );
  const entries = Object.entries(wanted);
  const used = new Set(entries.map(([column]) => from[column] ?? column));
  const shaped: Record<string, readonly unknown[]> = {};
  for (const [column, kind] of entries) {
    const source = from[column] ?? column;
    const values = columns.get(source);
    if (!values)
      throw new ColumnError(
        `${name}: must have a column "${column}", got ${[...columns.keys()].join(", ")}`
      );
    shaped[column] = cells(raw, source, values, kind);
  }
  for (const [column, values] of columns)
    if (!used.has(column) && !(column in wanted))
      shaped[column] = cells(raw, column, values, "any");
  return columnTable(shaped);
}

function cells(
  {name, isText, place}: RawTable,
  column: string,
  values: readonly unknown[],
  kind: Kind
): readonly unknown[] {
  const refuse = (what: string, row: number) => {
    const got = isText && values[row] === "" ? "an empty cell" : JSON.stringify(values[row]);
    const shown = typeof values[row] === "number" ? String(values[row]) : got;
    throw new ColumnError(
      `${name}: column "${column}" must be ${what} in every row, got ${shown} in ${place(row)}`
    );
  };
  if (kind === "text") {
    const bad = values.findIndex((value) => typeof value !== "string" || value === "");
    if (bad >= 0) refuse("a text", bad);
    return values;
  }
  const typed = isText ? typedCells(values as readonly string[], kind === "number") : values;
  if (kind === "number") {
    const bad = typed.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) refuse("a number", bad);
  }
  return typed;
}

const numeral = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** How a number is written that nothing else is: no leading zero, and exact. */
const surely = (cell: string) =>
  !/^[+-]?0\d/.test(cell) && (/[.e]/i.test(cell) || Number.isSafeInteger(Number(cell)));

function typedCells(values: readonly string[], wanted: boolean): readonly unknown[] {
  const isNumber = (cell: string) => numeral.test(cell) && (wanted || surely(cell));
  const trimmed = values.map((cell) => cell.trim());
  if (
    wanted ||
    (trimmed.some((cell) => cell !== "") && trimmed.every((c) => c === "" || isNumber(c)))
  )
    return trimmed.map((cell) => (cell === "" ? null : isNumber(cell) ? Number(cell) : cell));
  return values.map((cell) => (cell === "" ? null : cell));
}
