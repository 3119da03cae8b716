import type {AsyncDuckDBConnection} from "@duckdb/duckdb-wasm";
import type {Connection, Database} from "./database.js";

/**
 * The page's one DuckDB, loaded when first asked for: the instance behind Framework's own `sql`, so
 * that tables of the front matter and tables of a run can be joined.
 */
export async function pageDatabase(): Promise<Database> {
  const {getDefaultClient} = await import("npm:@observablehq/duckdb");
  const {_db: database} = await getDefaultClient();
  return {connect: async () => connection(await database.connect())};
}

/** A database file that the page reads over HTTP, those parts that a query asks for; attached once, by its address. */
export async function attachedDatabase(url: URL, name: string): Promise<Database> {
  const {getDefaultClient} = await import("npm:@observablehq/duckdb");
  const {_db: database} = await getDefaultClient();
  const file = url.pathname.split("/").at(-1)!;
  const attach = async () => {
    await database.registerFileURL(file, url.href, HTTP, false);
    const opened = await database.connect();
    try {
      await opened.query(`ATTACH IF NOT EXISTS '${file}' AS "${name}" (READ_ONLY)`);
    } finally {
      await opened.close();
    }
  };
  const attaching = attachments.get(url.href) ?? attach();
  attachments.set(url.href, attaching);
  attaching.catch(() => attachments.delete(url.href));
  await attaching;
  return {
    connect: async () => {
      const opened = await database.connect();
      await opened.query(`USE "${name}"`);
      return connection(opened);
    }
  };
}

const attachments = new Map<string, Promise<void>>();
/** DuckDB's number for files that are read over HTTP. */
const HTTP = 4;

const connection = (duckdb: AsyncDuckDBConnection): Connection => ({
  async query(text, parameters) {
    if (parameters.length === 0) return duckdb.query(text);
    const statement = await duckdb.prepare(text);
    try {
      return await statement.query(...parameters);
    } finally {
      await statement.close();
    }
  },
  insert: (stream, schema, name) => duckdb.insertArrowFromIPCStream(stream, {schema, name}),
  close: () => duckdb.close()
});
