import {arrowStream, type ColumnValues, type Lists} from "./arrow.js";
import type {ColumnTable} from "./arquero.js";
import {type Database, sqlError} from "./database.js";
import {pageDatabase} from "./duckdb.js";
import type {SqlTag} from "./run-tables.js";
import {TableError} from "./read-error.js";
import {type Column, type ColumnType, runSchema} from "./schema.js";

/** What can be stored: an arquero table, what a query gave, or an array of objects. */
export type Storable = ColumnTable | Iterable<object>;

/** Stores tables under names of an author's choice in one database. */
export class OwnTables {
  readonly #open: () => Promise<Database>;
  #database: Promise<Database> | undefined;
  #stores = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(open: () => Promise<Database>) {
    this.#open = open;
  }

  /**
   * Stores tables by name, in place of those that had the names, and gives the `sql` to query them
   * with: cells that use it run again when it does. Other `sql` of the page sees the tables too.
   * A name's table is replaced at once, so that no query sees half of one.
   *
   * @throws {TableError} if a table is empty, or a name is none.
   */
  store(tables: Readonly<Record<string, Storable>>): Promise<SqlTag> {
    const stored = this.#last.then(() => this.#store(tables));
    this.#last = stored.catch(() => {});
    return stored;
  }

  async #store(tables: Readonly<Record<string, Storable>>): Promise<SqlTag> {
    const columns = Object.entries(tables).map(
      ([name, table]) => [name, columnsOf(name, table)] as const
    );
    this.#database ??= this.#open();
    this.#database.catch(() => (this.#database = undefined));
    const database = await this.#database;
    const connection = await database.connect();
    try {
      for (const [name, given] of columns) {
        const fresh = `new_table_${++this.#stores}`;
        const stream = await arrowStream(
          given.map(({column}) => column),
          given.map(({values}) => values)
        );
        await connection.insert(stream, "main", fresh);
        await connection.query(`CREATE OR REPLACE TABLE main."${name}" AS FROM main.${fresh}`, []);
        await connection.query(`DROP TABLE main.${fresh}`, []);
      }
    } catch (error) {
      throw sqlError(error);
    } finally {
      await connection.close();
    }
    return async (strings, ...values) => {
      const asking = await database.connect();
      try {
        return await asking.query(strings.join("?"), values);
      } catch (error) {
        throw sqlError(error);
      } finally {
        await asking.close();
      }
    };
  }
}

interface TypedColumn {
  readonly column: Column;
  readonly values: ColumnValues;
}

function columnsOf(name: string, table: Storable): TypedColumn[] {
  if (!/^[a-z_]\w*$/i.test(name))
    throw new TableError(
      `table.sql: a name must be letters, digits and underscores, got ${JSON.stringify(name)}`
    );
  if (name in runSchema)
    throw new TableError(
      `table.sql: a name must not be that of a run's own table (${Object.keys(runSchema).join(", ")}), got ${name}`
    );
  const columns = "columnNames" in table ? columnsOfTable(table) : columnsOfRows([...table]);
  if (columns.length === 0 || columns[0][1].length === 0)
    throw new TableError(`table.sql: "${name}" must have at least one row, got none`);
  return columns.map(([column, values]) => typed(column, values));
}

const columnsOfTable = (table: ColumnTable) =>
  table.columnNames().map((name) => [name, Array.from(table.array(name))] as const);

function columnsOfRows(rows: readonly object[]): (readonly [string, readonly unknown[]])[] {
  const plain: Readonly<Record<string, unknown>>[] = rows.map((row) => ({...row}));
  const names = [...new Set(plain.flatMap((row) => Object.keys(row)))];
  return names.map((name) => [name, plain.map((row) => row[name])] as const);
}

type Given = string | number | boolean | bigint | Date | ArrayLike<number>;

/** The narrowest type that holds every value; what none holds is stored as JSON text. */
function typed(name: string, given: readonly unknown[]): TypedColumn {
  const some = given.filter((value) => value !== null && value !== undefined);
  const every = (test: (value: unknown) => boolean) => some.length > 0 && some.every(test);
  const as = (type: ColumnType, values: ColumnValues) => ({
    column: {name, type, unit: "", about: ""},
    values
  });
  const each = <T extends string | number | boolean | Date>(to: (value: Given) => T) =>
    given.map((value) => (value === null || value === undefined ? null : to(value as Given)));
  if (every((value) => typeof value === "boolean"))
    return as(
      "BOOLEAN",
      each((value) => value as boolean)
    );
  if (every((value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31))
    return as("INTEGER", each(Number));
  if (every((value) => typeof value === "number" || typeof value === "bigint"))
    return as("DOUBLE", each(Number));
  if (every((value) => value instanceof Date))
    return as(
      "TIMESTAMP_MS",
      each((value) => value as Date)
    );
  if (some.length === given.length && every(isVector))
    return as("FLOAT[]", lists(given as readonly ArrayLike<number>[]));
  return as(
    "VARCHAR",
    each((value) => (typeof value === "string" ? value : JSON.stringify(value)))
  );
}

const isVector = (value: unknown): boolean =>
  (ArrayBuffer.isView(value) && !(value instanceof DataView)) ||
  (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "number"));

function lists(vectors: readonly ArrayLike<number>[]): Lists {
  const offsets = [0];
  for (const vector of vectors) offsets.push(offsets[offsets.length - 1] + vector.length);
  const values = new Float32Array(offsets[offsets.length - 1]);
  vectors.forEach((vector, i) => values.set(Array.from(vector, Number), offsets[i]));
  return {offsets: Int32Array.from(offsets), values};
}

const pageTables = new OwnTables(pageDatabase);

/** Stores tables by name in the page's own DuckDB; see `OwnTables.store`. */
export const ownSql = (tables: Readonly<Record<string, Storable>>): Promise<SqlTag> =>
  pageTables.store(tables);
