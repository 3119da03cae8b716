import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import type * as DuckDB from "@duckdb/duckdb-wasm/blocking";
import type {Database} from "../../src/tables/database.js";

const require = createRequire(import.meta.url);

/** DuckDB's WebAssembly build in this process, opened as Framework opens it in a page. */
export async function nodeDatabase(): Promise<Database> {
  const {ConsoleLogger, createDuckDB, LogLevel, NODE_RUNTIME} =
    require("@duckdb/duckdb-wasm/blocking") as typeof DuckDB;
  const dist = dirname(require.resolve("@duckdb/duckdb-wasm/dist/duckdb-eh.wasm"));
  const module = {mainModule: join(dist, "duckdb-eh.wasm"), mainWorker: ""};
  const duckdb = await createDuckDB(
    {mvp: module, eh: module},
    new ConsoleLogger(LogLevel.WARNING),
    NODE_RUNTIME
  );
  await duckdb.instantiate();
  duckdb.open({query: {castBigIntToDouble: true}});
  return {
    connect() {
      const connection = duckdb.connect();
      return Promise.resolve({
        async query(text: string, parameters: readonly unknown[]) {
          await Promise.resolve();
          if (parameters.length === 0) return connection.query(text);
          const statement = connection.prepare(text);
          try {
            return statement.query(...parameters);
          } finally {
            statement.close();
          }
        },
        async insert(stream: Uint8Array, schema: string, name: string) {
          await Promise.resolve();
          connection.insertArrowFromIPCStream(stream, {schema, name});
        },
        close: () => Promise.resolve(connection.close())
      });
    }
  };
}
