import type {Run} from "../model/run.js";
import {arrowStream} from "./arrow.js";
import {type Connection, type Database, type QueryResult, SqlError, sqlError} from "./database.js";
import {pageDatabase} from "./duckdb.js";
import {runColumns, type StoredTable} from "./run-columns.js";
import {runSchema, type RunTable} from "./schema.js";

/** Runs a query over one run's tables: `` sql`SELECT …` ``. */
export type SqlTag = (strings: readonly string[], ...values: unknown[]) => Promise<QueryResult>;

interface Entry {
  readonly schema: string;
  readonly connection: Promise<Connection>;
  readonly tables: Map<RunTable, Promise<void>>;
  queries: number;
  evicted: boolean;
}

interface Options {
  /** How many runs keep their tables. */
  readonly capacity?: number;
  /** How old a run must be, in milliseconds, before it is queried: while someone types, runs are replaced. */
  readonly settle?: number;
}

let runCount = 0;
const allTables = Object.keys(runSchema) as RunTable[];
const valuesView = `SELECT site, layer, head, pos,
  unnest(range(len(vector)))::INTEGER AS channel, unnest(vector) AS value`;

/**
 * Tables of runs, each run's in a schema of its own: a cache over the Run objects. A table is made
 * when a query first names it; the least recently queried run loses its tables once its queries
 * have ended, and gets them back when it is queried again.
 */
export class RunTables {
  readonly #open: () => Promise<Database>;
  readonly #capacity: number;
  readonly #settle: number;
  readonly #entries = new Map<Run, Entry>();
  readonly #retired = new WeakSet<Run>();
  readonly #born = new WeakMap<Run, number>();
  #database: Promise<Database> | undefined;

  constructor(open: () => Promise<Database>, {capacity = 4, settle = 150}: Options = {}) {
    this.#open = open;
    this.#capacity = capacity;
    this.#settle = settle;
  }

  /** The `sql` of one run. Names that are no table of the run are looked up among the page's own. */
  sql(run: Run): SqlTag {
    if (!this.#born.has(run)) this.#born.set(run, performance.now());
    return (strings, ...values) => this.#query(run, strings.join("?"), values);
  }

  /** Drops the tables of a run that another one has replaced; a query that still waits to start is refused. */
  retire(run: Run): void {
    this.#retired.add(run);
    const entry = this.#entries.get(run);
    if (entry) this.#evict(run, entry);
  }

  /** How many runs have tables now. */
  get size(): number {
    return this.#entries.size;
  }

  async #query(run: Run, text: string, values: readonly unknown[]): Promise<QueryResult> {
    const age = performance.now() - (this.#born.get(run) ?? 0);
    if (age < this.#settle && !this.#retired.has(run)) {
      await new Promise((resolve) => setTimeout(resolve, this.#settle - age));
      if (this.#retired.has(run)) throw new SqlError("sql: a newer run has replaced this one");
    }
    const entry = this.#entry(run);
    entry.queries++;
    try {
      const connection = await entry.connection;
      for (const table of namedTables(text)) await this.#make(run, entry, table);
      return await connection.query(text, values);
    } catch (error) {
      throw sqlError(error);
    } finally {
      entry.queries--;
      if (entry.evicted && entry.queries === 0) await this.#drop(entry);
    }
  }

  #entry(run: Run): Entry {
    const entry = this.#entries.get(run) ?? this.#newEntry(run);
    this.#entries.delete(run);
    this.#entries.set(run, entry);
    for (const [oldest, its] of this.#entries) {
      if (this.#entries.size <= this.#capacity) break;
      this.#evict(oldest, its);
    }
    return entry;
  }

  #newEntry(run: Run): Entry {
    const schema = `run_${++runCount}`;
    const connection = (async () => {
      this.#database ??= this.#open();
      const opened = await (await this.#database).connect();
      await opened.query(`CREATE SCHEMA ${schema}`, []);
      await opened.query(`SET search_path = '${schema},main'`, []);
      return opened;
    })();
    connection.catch(() => {
      this.#database = undefined;
      this.#entries.delete(run);
    });
    return {schema, connection, tables: new Map(), queries: 0, evicted: false};
  }

  #make(run: Run, entry: Entry, table: RunTable): Promise<void> {
    const known = entry.tables.get(table);
    if (known) return known;
    const made =
      table === "activation_values" ? this.#makeView(run, entry) : store(run, entry, table);
    entry.tables.set(table, made);
    made.catch(() => entry.tables.delete(table));
    return made;
  }

  async #makeView(run: Run, entry: Entry): Promise<void> {
    await this.#make(run, entry, "activations");
    const connection = await entry.connection;
    const {schema} = entry;
    await connection.query(
      `CREATE VIEW ${schema}.activation_values AS ${valuesView} FROM ${schema}.activations`,
      []
    );
  }

  #evict(run: Run, entry: Entry): void {
    this.#entries.delete(run);
    entry.evicted = true;
    if (entry.queries === 0) void this.#drop(entry);
  }

  async #drop({schema, connection}: Entry): Promise<void> {
    const opened = await connection;
    await opened.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`, []);
    await opened.close();
  }
}

async function store(run: Run, {connection, schema}: Entry, table: StoredTable): Promise<void> {
  const stream = await arrowStream(runSchema[table].columns, runColumns[table](run));
  await (await connection).insert(stream, schema, table);
}

/** The run's tables that a query may read: any whose name occurs in it, all where it lists tables. */
export function namedTables(query: string): RunTable[] {
  if (/\b(show|describe|summarize|pragma\w*|information_schema|duckdb_\w+)\b/i.test(query))
    return allTables;
  return allTables.filter((table) => new RegExp(`\\b${table}\\b`, "i").test(query));
}

const pageTables = new RunTables(pageDatabase);

/** The `sql` of a run, over the page's own DuckDB. Queries of a run begin 150 ms after it was made. */
export const runSql = (run: Run): SqlTag => pageTables.sql(run);

/** Says that a newer run has taken this one's place on the page. */
export const retireRun = (run: Run): void => pageTables.retire(run);

/** How many runs have tables in the page's DuckDB. */
export const liveRunTables = (): number => pageTables.size;
