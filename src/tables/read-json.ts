import type {RawTable} from "./read-columns.js";
import {TableError} from "./read-error.js";

type JsonRow = Readonly<Record<string, unknown>>;

/**
 * A table of JSON objects, an array of them or one a line; a key that a row lacks is null there.
 *
 * @throws {TableError} naming the first line or row that is no object.
 */
export function readJson(name: string, text: string): RawTable {
  const isArray = /^\s*\[/.test(text);
  return isArray ? ofArray(name, text) : ofLines(name, text);
}

function ofArray(name: string, text: string): RawTable {
  const place = (row: number) => `row ${row + 1}`;
  let rows: unknown[];
  try {
    rows = JSON.parse(text) as unknown[];
  } catch (error) {
    throw new TableError(`${name}: ${problemOf(error, text)}`);
  }
  return jsonTable(name, rows, place);
}

function ofLines(name: string, text: string): RawTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({line, number: i + 1}))
    .filter(({line}) => line.trim() !== "");
  const place = (row: number) => `line ${lines[row].number}`;
  const rows = lines.map(({line}, row): unknown => {
    try {
      return JSON.parse(line);
    } catch {
      throw new TableError(
        `${name}: ${place(row)} must be one JSON object, got ${JSON.stringify(line.slice(0, 40))}`
      );
    }
  });
  return jsonTable(name, rows, place);
}

/** Objects as a table; also what an author gives as an array. */
export function jsonTable(
  name: string,
  rows: readonly unknown[],
  place: (row: number) => string = (row) => `row ${row + 1}`
): RawTable {
  const names = new Set<string>();
  rows.forEach((row, i) => {
    if (typeof row !== "object" || row === null || Array.isArray(row))
      throw new TableError(
        `${name}: ${place(i)} must be an object with a key for each column, got ${JSON.stringify(row)?.slice(0, 40)}`
      );
    for (const key of Object.keys(row)) names.add(key);
  });
  const columns = [...names].map(
    (key) => [key, (rows as JsonRow[]).map((row) => row[key] ?? null)] as const
  );
  return {name, columns: new Map(columns), rows: rows.length, isText: false, place};
}

/** What is wrong with a JSON text, and on which line; browsers word it differently. */
function problemOf(error: unknown, text: string): string {
  const message = (error as Error).message;
  const line =
    /\bline (\d+)/.exec(message)?.[1] ??
    text.slice(0, Number(/position (\d+)/.exec(message)?.[1] ?? Infinity)).split("\n").length;
  return `must be a JSON array of objects, got something else on line ${line}`;
}
