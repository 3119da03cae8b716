/** A table that cannot be used, in one sentence. */
export class TableError extends Error {
  override name = "TableError";
}
