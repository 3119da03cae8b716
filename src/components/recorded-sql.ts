import {recordingUrl} from "../model/model-source.js";
import {sqlError} from "../tables/database.js";
import {attachedDatabase} from "../tables/duckdb.js";
import type {SqlTag} from "../tables/run-tables.js";

/**
 * The `sql` of a recording's tables, which the page reads in parts over HTTP.
 *
 * @param name Such as `features/house-3m`.
 * @throws {ModelFileError} if the site ships none of that name.
 */
export async function recordedSql(name: string): Promise<SqlTag> {
  const url = await recordingUrl(name, "tables.duckdb");
  const database = await attachedDatabase(url, name.replaceAll(/\W/g, "_"));
  return async (strings, ...values) => {
    const connection = await database.connect();
    try {
      return await connection.query(strings.join("?"), values);
    } catch (error) {
      throw sqlError(error);
    } finally {
      await connection.close();
    }
  };
}
