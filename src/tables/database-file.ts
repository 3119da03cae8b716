import {mkdtempSync, readFileSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {nodeDuckdb} from "./node-duckdb.js";
import {type Storable, storedTable} from "./stored-table.js";

/**
 * Tables by name as the bytes of a DuckDB database file, for a data loader (`x.duckdb.ts`), which runs
 * in Node: a page attaches the file and reads those parts that a query asks for.
 *
 * @throws {TableError} if a table is empty, or a name is none.
 */
export async function databaseFile(
  tables: Readonly<Record<string, Storable>>
): Promise<Uint8Array> {
  const streams: (readonly [string, Uint8Array])[] = [];
  for (const [name, table] of Object.entries(tables))
    streams.push([name, await storedTable("databaseFile", name, table)]);
  return databaseOf(streams);
}

/** The same of Arrow IPC streams by name. */
export async function databaseOf(
  streams: readonly (readonly [string, Uint8Array])[]
): Promise<Uint8Array> {
  const duckdb = await nodeDuckdb();
  const connection = duckdb.connect();
  const folder = mkdtempSync(join(tmpdir(), "workings-database-"));
  const attach = (name: string) => {
    const path = join(folder, name);
    connection.query(`ATTACH '${path.replaceAll("'", "''")}' AS file (STORAGE_VERSION 'v1.0.0')`);
    return path;
  };
  try {
    // this build appends to a file on the disk what belongs in its head, which is right only while
    // the file is empty; one in memory it writes well
    const empty = attach("empty.duckdb");
    connection.query("DETACH file");
    duckdb.registerFileBuffer(join(folder, "tables.duckdb"), readFileSync(empty));
    const path = attach("tables.duckdb");
    for (const [name, stream] of streams) {
      connection.insertArrowFromIPCStream(stream, {schema: "main", name});
      connection.query(`CREATE TABLE file.main."${name}" AS FROM memory.main."${name}"`);
    }
    connection.query("CHECKPOINT file");
    connection.query("DETACH file");
    return duckdb.copyFileToBuffer(path);
  } finally {
    connection.close();
    rmSync(folder, {recursive: true, force: true});
  }
}
