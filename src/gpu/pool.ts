const MIN_BYTES = 256;
const LARGE_BYTES = 2 ** 20;

/**
 * Rounds up to a step of a quarter of the next lower power of two, so that at most a fifth of a buffer
 * is idle; of a sixteenth from a mebibyte on, where weights are.
 */
export function sizeClass(bytes: number): number {
  const steps = bytes < LARGE_BYTES ? 4 : 16;
  const step = Math.max(MIN_BYTES, 2 ** Math.floor(Math.log2(Math.max(1, bytes))) / steps);
  return Math.max(MIN_BYTES, Math.ceil(bytes / step) * step);
}

/**
 * Storage buffers that are handed out, taken back and handed out again, the oldest first: the same
 * sequence of requests gets the same buffers each time, so that bind groups can be kept.
 */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #idle = new Map<number, GPUBuffer[]>();
  readonly #ages = new WeakMap<GPUBuffer, number>();
  #made = 0;
  /** Bytes of all buffers that this pool holds or has handed out. */
  bytes = 0;
  /** How many buffers that is. */
  buffers = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const idle = this.#idle.get(size)?.shift();
    if (idle) return idle;
    const buffer = this.make(size);
    this.#ages.set(buffer, this.#made++);
    return buffer;
  }

  /** A buffer of exactly so many bytes, never to be given back but by `destroy`. */
  make(size: number): GPUBuffer {
    this.bytes += size;
    this.buffers += 1;
    return this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    });
  }

  give(buffer: GPUBuffer): void {
    const age = this.#ages.get(buffer);
    if (age === undefined)
      throw new Error("free: must be a tensor of its own, got one of an arena");
    const idle = this.#idle.get(buffer.size) ?? [];
    const at = idle.findIndex((other) => this.#ages.get(other)! > age);
    idle.splice(at < 0 ? idle.length : at, 0, buffer);
    this.#idle.set(buffer.size, idle);
  }

  /** Destroys the buffers that nobody uses, and returns them. */
  trim(): GPUBuffer[] {
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    this.destroy(idle);
    return idle;
  }

  destroy(buffers: readonly GPUBuffer[]): void {
    for (const buffer of buffers) {
      this.bytes -= buffer.size;
      this.buffers -= 1;
      buffer.destroy();
    }
  }
}
