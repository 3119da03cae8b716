import type {Table} from "apache-arrow";

/** What a query gives: an Arrow table, which is also an iterable of rows. */
export type QueryResult = Table;

export interface Connection {
  query(text: string, parameters: readonly unknown[]): Promise<QueryResult>;
  /** Makes a table of an Arrow IPC stream. */
  insert(stream: Uint8Array, schema: string, name: string): Promise<void>;
  close(): Promise<void>;
}

export interface Database {
  connect(): Promise<Connection>;
}

/** A query that DuckDB refused, in one sentence. */
export class SqlError extends Error {
  override name = "SqlError";
}

/** DuckDB's message without the excerpt of the query that follows it. */
export function sqlError(error: unknown): SqlError {
  const message = error instanceof Error ? error.message : String(error);
  const [sentence] = message.split(/\n\s*\n|\nLINE \d+:/);
  return new SqlError(`sql: ${sentence.replaceAll(/\s+/g, " ").trim()}`, {cause: error});
}
