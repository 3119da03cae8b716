/** The types in which safetensors files hold weights that are read here. */
export type FloatType = "F32" | "F16" | "BF16";

export const isFloatType = (dtype: string): dtype is FloatType =>
  dtype === "F32" || dtype === "F16" || dtype === "BF16";

/** Little-endian bytes of a float type as f32; F32 shares the memory where its alignment allows. */
export function decodeFloats(bytes: Uint8Array, dtype: FloatType): Float32Array {
  switch (dtype) {
    case "F32": {
      const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
      return new Float32Array(aligned.buffer, aligned.byteOffset, bytes.length / 4);
    }
    case "F16":
      return fromHalves(bytes, fromF16);
    case "BF16":
      return fromHalves(bytes, (half) => fromBits(half << 16));
  }
}

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

function fromBits(bits: number): number {
  word[0] = bits;
  return float[0];
}

function fromF16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  if ((half & 0x7c00) === 0x7c00) return half & 0x3ff ? NaN : sign * Infinity;
  // Exponent and fraction moved to where f32 has them, then the two biases, 127 and 15, made equal.
  return sign * fromBits((half & 0x7fff) << 13) * 2 ** 112;
}

function fromHalves(bytes: Uint8Array, decode: (half: number) => number): Float32Array {
  const values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++)
    values[i] = decode(bytes[2 * i] | (bytes[2 * i + 1] << 8));
  return values;
}
