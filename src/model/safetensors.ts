import {formatShape, type Shape, size} from "../gpu/shape.js";
import {decodeFloats, isFloatType} from "./float-types.js";
import {type JsonObject, isJsonObject, ModelFileError, shorten, shown} from "./model-file-error.js";
import {lazyTensor} from "./lazy-tensor.js";
import type {ByteRanges} from "./model-files.js";
import {memoryRanges} from "./open-file.js";
import {checkScale, scaledBytes, scaleName} from "./scaled-bytes.js";
import type {HostTensor} from "./weights.js";

/** Bytes of a value, by the name that safetensors gives its type. */
const TYPE_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8
};

const LARGEST_HEADER = 100_000_000;

export interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: Shape;
  /** In the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

/** The tensors of a safetensors file, each decoded when it is asked for. */
export interface Safetensors {
  /** Without the scales of I8 tensors, which belong to these. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /**
   * A tensor as f32, read when its values are asked for; an F32 one shares the memory of what was read
   * where its alignment allows. I8 stands for its integers times the F32 tensor of the same name and
   * `.scale`, of the same axes or of one number for all of an axis. Asking for values throws if one is
   * not finite.
   *
   * @throws {ModelFileError} if there is none of this name, or it is not F32, F16, BF16 or F64, nor I8
   *   with a scale.
   */
  tensor(name: string): HostTensor;
}

/** A safetensors file that is in memory, with the values of a tensor made when it is taken. */
export function parseSafetensors(bytes: Uint8Array, file?: string): Safetensors {
  const opened = openSafetensors(memoryRanges(bytes), file);
  return {
    entries: opened.entries,
    tensor(name) {
      const {shape, data} = opened.tensor(name);
      return {shape, data};
    }
  };
}

/**
 * Reads the header of a safetensors file, and checks every offset against the file's true size before
 * anything is allocated (github.com/huggingface/safetensors, "Format").
 *
 * @throws {ModelFileError} naming what is wrong.
 */
export function openSafetensors(source: ByteRanges, file = "model.safetensors"): Safetensors {
  const {header, dataStart} = readHeader(source, file);
  const entries = new Map<string, SafetensorsEntry>();
  for (const [name, value] of Object.entries(header))
    if (name !== "__metadata__")
      entries.set(name, readEntry(value, dataStart, `${file}: tensor ${shown(name)}`));
  checkCover(entries, dataStart, source.bytes, file);
  const floats = (name: string): HostTensor => {
    const entry = entries.get(name);
    const where = `${file}: tensor ${shown(name)}`;
    if (!entry) throw new ModelFileError(`${where} must be there, it is missing`);
    const {dtype, shape, start, end} = entry;
    if (!isFloatType(dtype))
      throw new ModelFileError(`${where} must be F32, F16, BF16 or F64, got ${shown(dtype)}`);
    const part = (from: number, to: number) =>
      finite(decodeFloats(source.read(from, to), dtype), where);
    const rowBytes = shape.length > 0 && shape[0] > 0 ? (end - start) / shape[0] : 0;
    return lazyTensor(
      shape,
      () => part(start, end),
      (first, last) => part(start + first * rowBytes, start + last * rowBytes)
    );
  };
  const scales = new Map<string, HostTensor>();
  for (const [name, {dtype, shape}] of entries) {
    const scale = scaleName(name);
    if (dtype !== "I8" || !entries.has(scale)) continue;
    scales.set(name, floats(scale));
    checkScale(shape, entries.get(scale)!.shape, `${file}: tensor ${shown(scale)}`);
  }
  for (const name of scales.keys()) entries.delete(scaleName(name));
  return {
    entries,
    tensor(name) {
      const scale = scales.get(name);
      if (!scale) return floats(name);
      const {shape, start, end} = entries.get(name)!;
      return lazyTensor(shape, () => scaledBytes(source.read(start, end), shape, scale));
    }
  };
}

function readHeader(source: ByteRanges, file: string): {header: JsonObject; dataStart: number} {
  if (source.bytes < 8)
    throw new ModelFileError(
      `${file}: must start with the 8-byte length of its header, the file has ${source.bytes} bytes`
    );
  const start = source.read(0, 8);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  const most = Math.min(source.bytes - 8, LARGEST_HEADER);
  if (length > most)
    throw new ModelFileError(
      `${file}: header length must be at most ${most} bytes in a file of ${source.bytes}, got ${length}`
    );
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", {fatal: true}).decode(source.read(8, 8 + length));
    header = JSON.parse(text);
  } catch {
    throw new ModelFileError(`${file}: header must be JSON in UTF-8, it does not parse`);
  }
  if (!isJsonObject(header))
    throw new ModelFileError(`${file}: header must be a JSON object, got ${shown(header)}`);
  return {header, dataStart: 8 + length};
}

const isSize = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

function readEntry(value: unknown, dataStart: number, where: string): SafetensorsEntry {
  const {dtype, shape, data_offsets: offsets} = isJsonObject(value) ? value : {};
  if (typeof dtype !== "string" || !Object.hasOwn(TYPE_BYTES, dtype))
    throw new ModelFileError(`${where}: dtype must be a safetensors type, got ${shown(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw new ModelFileError(
      `${where}: shape must be whole numbers from 0, got ${Array.isArray(shape) ? shown(shape.find((d) => !isSize(d))) : shown(shape)}`
    );
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw new ModelFileError(
      `${where}: data_offsets must be two whole numbers from 0, got ${shown(offsets)}`
    );
  const [start, end] = offsets as [number, number];
  const needed = size(shape) * TYPE_BYTES[dtype];
  if (end - start !== needed)
    throw new ModelFileError(
      `${where}: data must be ${needed} bytes, for ${shorten(formatShape(shape))} of ${dtype}, got ${end - start}`
    );
  return {dtype, shape, start: dataStart + start, end: dataStart + end};
}

function checkCover(
  entries: Safetensors["entries"],
  dataStart: number,
  fileBytes: number,
  file: string
): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.start - b.start || a.end - b.end);
  let at = dataStart;
  for (const [name, {start, end}] of inOrder) {
    if (start !== at)
      throw new ModelFileError(
        `${file}: tensor ${shown(name)} must start at byte ${at} of the file, where the one before it ends, got ${start}`
      );
    if (end > fileBytes)
      throw new ModelFileError(
        `${file}: tensor ${shown(name)} must end within the file's ${fileBytes} bytes, got ${end}: the file is cut short`
      );
    at = end;
  }
  if (at !== fileBytes)
    throw new ModelFileError(
      `${file}: must end with its last tensor, at byte ${at}, it has ${fileBytes - at} bytes more`
    );
}

/** Passes values on if all are finite, else throws a sentence that names the first that is not. */
export function finite(values: Float32Array, where: string): Float32Array {
  for (let i = 0; i < values.length; i++)
    // A finite number less itself is 0; NaN and both infinities give NaN.
    if (values[i] - values[i] !== 0)
      throw new ModelFileError(
        `${where} must be finite everywhere, got ${values[i]} at index ${i}`
      );
  return values;
}
