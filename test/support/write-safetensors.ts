/** A tensor as a safetensors file holds it. */
export interface RawTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

export const f32 = (shape: readonly number[], values: ArrayLike<number>): RawTensor => ({
  dtype: "F32",
  shape,
  bytes: new Uint8Array(Float32Array.from(values).buffer)
});

/** A safetensors file from any header text and any data, right or wrong. */
export function safetensorsBytes(header: string, data: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + json.length + data.length);
  new DataView(out.buffer).setBigUint64(0, BigInt(json.length), true);
  out.set(json, 8);
  out.set(data, 8 + json.length);
  return out;
}

/** Tensors as a safetensors file, in the order given. */
export function writeSafetensors(tensors: Readonly<Record<string, RawTensor>>): Uint8Array {
  let at = 0;
  const header: Record<string, unknown> = {__metadata__: {format: "pt"}};
  for (const [name, {dtype, shape, bytes}] of Object.entries(tensors))
    header[name] = {dtype, shape, data_offsets: [at, (at += bytes.length)]};
  const parts = Object.values(tensors).flatMap(({bytes}) => [...bytes]);
  return safetensorsBytes(JSON.stringify(header), Uint8Array.from(parts));
}
