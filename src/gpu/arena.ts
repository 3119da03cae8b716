import type {Shape} from "./shape.js";
import {byteLength, type Dtype, type Tensor} from "./tensor.js";

/** What W3C's default limits ask of a binding's offset. */
const ALIGNMENT = 256;
/** W3C's default for the most that a binding reaches over. */
const LARGEST = 2 ** 27;

/** Where tensors lie in few buffers. */
export interface Packing {
  /** Of each buffer, in bytes. */
  readonly sizes: readonly number[];
  /** Of each tensor, in the order given. */
  readonly places: readonly {readonly buffer: number; readonly offset: number}[];
}

/** Lays tensors of so many bytes side by side, the largest first, each where there is room for it. */
export function pack(bytes: readonly number[], largest = LARGEST): Packing {
  const sizes: number[] = [];
  const places: Packing["places"][number][] = [];
  const order = bytes.map((_, i) => i).sort((a, b) => bytes[b] - bytes[a]);
  for (const i of order) {
    const taken = Math.ceil(bytes[i] / ALIGNMENT) * ALIGNMENT;
    const found = sizes.findIndex((size) => size + taken <= largest);
    const buffer = found < 0 ? sizes.length : found;
    places[i] = {buffer, offset: sizes[buffer] ?? 0};
    sizes[buffer] = (sizes[buffer] ?? 0) + taken;
  }
  return {sizes, places};
}

/** What an arena asks of its device. */
export interface ArenaDevice {
  make(bytes: number): GPUBuffer;
  write(tensor: Tensor, values: Float32Array | Uint32Array, at: number): void;
  destroy(buffers: readonly GPUBuffer[]): void;
}

/**
 * Memory for tensors that come together and go together, in few buffers: a device gives each buffer
 * more than it asks for, which is dear where there are hundreds. None of the tensors is freed alone.
 */
export class Arena {
  readonly largestBinding: number;
  readonly #device: ArenaDevice;
  readonly #buffers: GPUBuffer[];
  /** By size in bytes, what is not taken yet. */
  readonly #free = new Map<number, {readonly buffer: GPUBuffer; readonly offset: number}[]>();

  constructor(
    device: ArenaDevice,
    largestBinding: number,
    tensors: readonly Pick<Tensor, "shape" | "dtype">[]
  ) {
    this.#device = device;
    this.largestBinding = largestBinding;
    const bytes = tensors.map(byteLength);
    const {sizes, places} = pack(bytes);
    this.#buffers = sizes.map((size) => device.make(size));
    for (const [i, {buffer, offset}] of places.entries()) {
      const free = this.#free.get(bytes[i]) ?? [];
      free.push({buffer: this.#buffers[buffer], offset});
      this.#free.set(bytes[i], free);
    }
  }

  /**
   * One of the tensors that the arena was made for.
   *
   * @throws {RangeError} if none of its size is left.
   */
  tensor(shape: Shape, dtype: Dtype = "f32"): Tensor {
    const bytes = byteLength({shape, dtype});
    const place = this.#free.get(bytes)?.shift();
    if (!place)
      throw new RangeError(
        `arena: tensors must be those that it was made for, none of ${bytes} bytes is left`
      );
    return {shape, dtype, ...place};
  }

  /** Values of a tensor, from byte `at` on. */
  write(tensor: Tensor, values: Float32Array | Uint32Array, at = 0): void {
    this.#device.write(tensor, values, at);
  }

  /** One of the tensors that the arena was made for, with its values. */
  upload(shape: Shape, values: Float32Array | Uint32Array, dtype: Dtype = "f32"): Tensor {
    const tensor = this.tensor(shape, dtype);
    this.write(tensor, values);
    return tensor;
  }

  /** Gives all memory back to the device. */
  free(): void {
    this.#device.destroy(this.#buffers.splice(0));
    this.#free.clear();
  }
}
