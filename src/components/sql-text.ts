import type {Row} from "./vega-chart.js";

const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function literal(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "number" && !Number.isFinite(value)) return `'${value}'::DOUBLE`;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}

function typeOf(values: readonly unknown[]): string {
  const given = values.filter((value) => value !== null && value !== undefined);
  if (given.length === 0) return "VARCHAR";
  if (given.every((value) => typeof value === "boolean")) return "BOOLEAN";
  if (given.every((value) => typeof value === "bigint" || Number.isSafeInteger(value)))
    return "BIGINT";
  return given.every((value) => typeof value === "number") ? "DOUBLE" : "VARCHAR";
}

/**
 * Rows as SQL that makes the same table in a database.
 *
 * @param query What the rows came from, where they came from a query: it leads as a comment.
 */
export function sqlText(table: string, rows: readonly Row[], query?: string): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return "-- no rows\n";
  const source = query?.trim().split("\n") ?? [];
  const comment = source.map((line) => `-- ${line.trimEnd()}\n`).join("");
  const types = columns.map(
    (column) => `  ${name(column)} ${typeOf(rows.map((row) => row[column]))}`
  );
  const values = rows.map(
    (row) => `  (${columns.map((column) => literal(row[column])).join(", ")})`
  );
  return `${comment}CREATE TABLE ${name(table)} (\n${types.join(",\n")}\n);
INSERT INTO ${name(table)} VALUES\n${values.join(",\n")};\n`;
}
