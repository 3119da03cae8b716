import {TableError} from "./read-error.js";
import {type Column, type ColumnType, controlSchema, type ControlTable} from "./schema.js";

/** A row by its columns' names. */
export type FileRow = Readonly<Record<string, unknown>>;

/** The rows of one run, and how they were made. */
export interface RowFile {
  readonly table: ControlTable;
  readonly run_id: string;
  /** Model, weights, seed and settings. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Without the `run_id`. */
  readonly rows: readonly FileRow[];
}

const columnsOf = (table: ControlTable): readonly Column[] =>
  controlSchema[table].columns.filter(({name}) => name !== "run_id");

/** Lines of JSON: what is common to all rows, then each row as an array in the order of the columns. */
export function rowFileText({table, run_id, about, rows}: RowFile): string {
  const columns = columnsOf(table).map(({name}) => name);
  const lines = rows.map((row) => JSON.stringify(columns.map((name) => stored(row[name]))));
  return [JSON.stringify({table, run_id, about, columns}), ...lines].join("\n") + "\n";
}

/** Six digits are more than any claim rests on. */
const stored = (value: unknown): unknown =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

/**
 * Reads what `rowFileText` wrote.
 *
 * @param name of the file, for errors
 * @throws {TableError} naming the line that is not as the schema has it.
 */
export function parseRowFile(text: string, name: string): RowFile {
  const [first, ...lines] = text.split("\n").filter((line) => line !== "");
  const head = jsonOf(first ?? "", `${name}: line 1`) as Partial<RowFile> & {columns?: unknown};
  const {table, run_id, about} = head;
  if (table === undefined || !(table in controlSchema) || typeof run_id !== "string" || !about)
    throw new TableError(
      `${name}: line 1 must name the table (${Object.keys(controlSchema).join(", ")}), run_id and about, got ${(first ?? "nothing").slice(0, 60)}`
    );
  const columns = columnsOf(table);
  const names = columns.map((column) => column.name);
  if (JSON.stringify(head.columns) !== JSON.stringify(names))
    throw new TableError(
      `${name}: columns must be ${names.join(", ")}, as the table ${table} has them, got ${JSON.stringify(head.columns)}`
    );
  const rows = lines.map((line, i): FileRow => {
    const where = `${name}: line ${i + 2}`;
    const values = jsonOf(line, where);
    if (!Array.isArray(values) || values.length !== columns.length)
      throw new TableError(
        `${where} must hold ${columns.length} values, one a column, got ${line.slice(0, 60)}`
      );
    const wrong = columns.findIndex(({type}, at) => !fits(values[at], type));
    if (wrong >= 0)
      throw new TableError(
        `${where}: ${names[wrong]} must be ${columns[wrong].type}, got ${JSON.stringify(values[wrong])}`
      );
    return Object.fromEntries(names.map((column, at) => [column, values[at] as unknown]));
  });
  return {table, run_id, about, rows};
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new TableError(`${where} must be JSON, got ${line.slice(0, 60) || "nothing"}`);
  }
}

function fits(value: unknown, type: ColumnType): boolean {
  if (type === "INTEGER") return Number.isInteger(value);
  if (type === "INTEGER[]") return Array.isArray(value) && value.every(Number.isInteger);
  if (type === "VARCHAR") return typeof value === "string";
  if (type === "BOOLEAN") return typeof value === "boolean";
  return typeof value === "number" && Number.isFinite(value);
}
