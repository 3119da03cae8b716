import type {Column} from "./schema.js";

/** Vectors of different lengths, end to end; vector i is `values[offsets[i] … offsets[i + 1]]`. */
export interface Lists {
  readonly offsets: Int32Array;
  readonly values: Float32Array | Int32Array;
}

type Value = string | number | boolean | Date | null;
export type ColumnValues = readonly Value[] | Lists;

/** Columns as an Arrow IPC stream: bytes, because two versions of Arrow may meet in one page. */
export async function arrowStream(
  columns: readonly Column[],
  values: readonly ColumnValues[]
): Promise<Uint8Array> {
  const arrow = await import("apache-arrow");
  const plain = {
    INTEGER: new arrow.Int32(),
    VARCHAR: new arrow.Utf8(),
    DOUBLE: new arrow.Float64(),
    FLOAT: new arrow.Float32(),
    BOOLEAN: new arrow.Bool(),
    TIMESTAMP_MS: new arrow.TimestampMillisecond()
  };
  const lists = ({offsets, values}: Lists) => {
    const child =
      values instanceof Int32Array
        ? arrow.makeData({type: plain.INTEGER, data: values})
        : arrow.makeData({type: plain.FLOAT, data: values});
    const type = new arrow.List(new arrow.Field("item", child.type, false));
    const length = offsets.length - 1;
    return new arrow.Vector([arrow.makeData({type, length, valueOffsets: offsets, child})]);
  };
  const vectors = columns.map(({type}, i) => {
    const given = values[i];
    if (type === "FLOAT[]" || type === "INTEGER[]") return lists(given as Lists);
    return arrow.vectorFromArray(given as readonly Value[], plain[type]);
  });
  const named = Object.fromEntries(columns.map(({name}, i) => [name, vectors[i]]));
  return arrow.tableToIPC(new arrow.Table(named), "stream");
}
