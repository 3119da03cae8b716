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
