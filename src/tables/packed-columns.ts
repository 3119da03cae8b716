import {isJsonObject, ModelFileError} from "../model/model-file-error.js";

/** Numbers of one type. */
export type PackedColumn = Uint8Array | Uint16Array | Uint32Array | Float32Array;

const types = {u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f32: Float32Array} as const;
type TypeName = keyof typeof types;

const typeOf = (column: PackedColumn): TypeName =>
  (Object.keys(types) as TypeName[]).find((name) => column instanceof types[name])!;

/**
 * Columns of numbers, of any lengths, as one file: the length of a JSON header in 4 bytes, the header
 * (`[name, type, length]` of each column), then the columns little-endian, each at a multiple of 4 bytes.
 */
export function packColumns(columns: Readonly<Record<string, PackedColumn>>): Uint8Array {
  const entries = Object.entries(columns);
  const header = new TextEncoder().encode(
    JSON.stringify(entries.map(([name, column]) => [name, typeOf(column), column.length]))
  );
  const start = aligned(4 + header.length);
  const file = new Uint8Array(
    entries.reduce((sum, [, {byteLength}]) => sum + aligned(byteLength), start)
  );
  file.set(new Uint8Array(Uint32Array.of(header.length).buffer));
  file.set(header, 4);
  let at = start;
  for (const [, {buffer, byteOffset, byteLength}] of entries) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += aligned(byteLength);
  }
  return file;
}

/**
 * The columns of a packed file, by name, over its own memory.
 *
 * @param file Named in errors.
 * @throws {ModelFileError} if a column is missing, of another type, or reaches beyond the file.
 */
export function unpackColumns<T extends Readonly<Record<string, TypeName>>>(
  bytes: Uint8Array,
  wanted: T,
  file: string
): {[K in keyof T]: InstanceType<(typeof types)[T[K]]>} {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const broken = (what: string) => new ModelFileError(`${file}: must hold packed columns, ${what}`);
  const header =
    whole.length < 4 ? Infinity : new DataView(whole.buffer).getUint32(whole.byteOffset, true);
  if (4 + header > whole.length)
    throw broken(`its header reaches beyond its ${whole.length} bytes`);
  const list = parse(whole.subarray(4, 4 + header));
  if (!list) throw broken("its header is no list of names, types and lengths");
  const columns = new Map<string, PackedColumn>();
  let at = aligned(4 + header);
  for (const [name, type, length] of list) {
    const size = length * types[type].BYTES_PER_ELEMENT;
    if (at + size > whole.length) throw broken(`${name} reaches beyond its ${whole.length} bytes`);
    columns.set(name, new types[type](whole.buffer as ArrayBuffer, whole.byteOffset + at, length));
    at += aligned(size);
  }
  for (const [name, type] of Object.entries(wanted)) {
    const found = columns.get(name);
    if (!found || typeOf(found) !== type)
      throw broken(`${name} must be among them as ${type}, got ${found ? typeOf(found) : "none"}`);
  }
  return Object.fromEntries(columns) as ReturnType<typeof unpackColumns<T>>;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 4) * 4;

function parse(header: Uint8Array): [string, TypeName, number][] | null {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(header));
    const isEntry = (entry: unknown): boolean =>
      Array.isArray(entry) &&
      typeof entry[0] === "string" &&
      !isJsonObject(entry[1]) &&
      Object.hasOwn(types, String(entry[1])) &&
      Number.isSafeInteger(entry[2]) &&
      (entry[2] as number) >= 0;
    return Array.isArray(json) && json.every(isEntry)
      ? (json as [string, TypeName, number][])
      : null;
  } catch {
    return null;
  }
}
