const MIN_BYTES = 256;

/** Rounds up to a quarter of the next power of two, so that at most a quarter of a buffer is idle. */
export function sizeClass(bytes: number): number {
  const step = Math.max(MIN_BYTES, 2 ** (Math.floor(Math.log2(Math.max(1, bytes))) - 2));
  return Math.max(MIN_BYTES, Math.ceil(bytes / step) * step);
}

/** Storage buffers that are handed out, taken back and handed out again. */
export class BufferPool {
  readonly #device: GPUDevice;
  readonly #idle = new Map<number, GPUBuffer[]>();
  /** Bytes of all buffers that this pool holds or has handed out. */
  bytes = 0;
  /** How many buffers that is. */
  buffers = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  take(bytes: number): GPUBuffer {
    const size = sizeClass(bytes);
    const idle = this.#idle.get(size)?.pop();
    if (idle) return idle;
    this.bytes += size;
    this.buffers += 1;
    return this.#device.createBuffer({
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST
    });
  }

  give(buffer: GPUBuffer): void {
    const idle = this.#idle.get(buffer.size);
    if (idle) idle.push(buffer);
    else this.#idle.set(buffer.size, [buffer]);
  }

  /** Destroys the buffers that nobody uses, and returns them. */
  trim(): GPUBuffer[] {
    const idle = [...this.#idle.values()].flat();
    this.#idle.clear();
    for (const buffer of idle) {
      this.bytes -= buffer.size;
      this.buffers -= 1;
      buffer.destroy();
    }
    return idle;
  }
}
