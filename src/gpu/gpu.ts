import {Arena} from "./arena.js";
import type {Grid} from "./grid.js";
import type {Kernel} from "./kernel.js";
import {type Bindings, LaunchCache, type Params} from "./launch-cache.js";
import {BufferPool} from "./pool.js";
import {formatShape, type Shape, size} from "./shape.js";
import {byteLength, type Dtype, type Tensor} from "./tensor.js";

export interface Run {
  readonly params: Params;
  readonly tensors: Bindings;
  readonly grid: Grid;
}

/** A failure that the device reported: a validation error, a lost device, or memory that ran out. */
export class GpuError extends Error {
  override name = "GpuError";
}

/** What a Gpu has done and holds, for tests and for the line behind a figure. */
export interface Stats {
  readonly dispatches: number;
  readonly submits: number;
  readonly readbacks: number;
  readonly pipelines: number;
  readonly bindGroups: number;
  /** Tensor buffers that exist, in use or pooled. */
  readonly buffers: number;
  /** Their bytes. */
  readonly bytes: number;
}

/**
 * A device, its compiled kernels and its buffers. Launches are recorded into one command encoder,
 * which `submit` or `read` sends; nothing else reaches the queue in between.
 */
export class Gpu {
  readonly device: GPUDevice;
  /** The bytes that one storage binding can hold. */
  readonly largestBinding: number;
  readonly #pool: BufferPool;
  readonly #launches: LaunchCache;
  readonly #scopes: Set<GPUBuffer>[] = [];
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #recorded = false;
  #staging: GPUBuffer[] = [];
  #errors: Promise<GPUError | null>[] = [];
  #counts = {dispatches: 0, submits: 0, readbacks: 0};

  constructor(device: GPUDevice, largestBinding = device.limits.maxStorageBufferBindingSize) {
    this.device = device;
    this.largestBinding = largestBinding;
    this.#pool = new BufferPool(device);
    this.#launches = new LaunchCache(device);
  }

  get stats(): Stats {
    return {
      ...this.#counts,
      pipelines: this.#launches.pipelines,
      bindGroups: this.#launches.bindGroups,
      buffers: this.#pool.buffers,
      bytes: this.#pool.bytes
    };
  }

  /**
   * An uninitialised tensor. It belongs to the innermost `tidy`, or to the caller when there is none.
   *
   * @throws {GpuError} if it exceeds what one storage binding of this device can hold.
   */
  tensor(shape: Shape, dtype: Dtype = "f32"): Tensor {
    const bytes = this.#checkBinding({shape, dtype});
    this.#open();
    const tensor = {shape, dtype, buffer: this.#pool.take(bytes)};
    this.#scopes.at(-1)?.add(tensor.buffer);
    return tensor;
  }

  /** A tensor with values: numbers for `f32` and `u32`, packed words for the others. */
  upload(shape: Shape, values: Float32Array | Uint32Array, dtype: Dtype = "f32"): Tensor {
    const tensor = this.tensor(shape, dtype);
    const words = dtype === "f32" || dtype === "u32" ? size(shape) : values.length;
    if (values.length !== words)
      throw new RangeError(
        `upload: ${formatShape(shape)} ${dtype} holds ${size(shape)} values, got ${values.length} words`
      );
    this.write(tensor, values);
    return tensor;
  }

  /**
   * Values of a tensor, in the order of launches, from byte `at` on.
   *
   * @throws {RangeError} if there are more than it holds.
   */
  write(tensor: Tensor, values: Float32Array | Uint32Array, at = 0): void {
    const {shape, dtype, buffer, offset = 0} = tensor;
    if (at + values.byteLength > byteLength(tensor))
      throw new RangeError(
        `upload: ${formatShape(shape)} ${dtype} holds ${size(shape)} values, got ${values.length} words`
      );
    if (values.length === 0) return;
    this.#open();
    if (this.#recorded) this.#stage(buffer, offset + at, values);
    else this.device.queue.writeBuffer(buffer, offset + at, values as Float32Array<ArrayBuffer>);
  }

  /**
   * Memory for tensors that are freed together, all made at once.
   *
   * @throws {GpuError} if one exceeds what one storage binding of this device can hold.
   */
  arena(tensors: readonly Pick<Tensor, "shape" | "dtype">[]): Arena {
    for (const tensor of tensors) this.#checkBinding(tensor);
    this.#open();
    const device = {
      make: (bytes: number) => this.#pool.make(bytes),
      write: (...of: Parameters<Gpu["write"]>) => this.write(...of),
      destroy: (buffers: readonly GPUBuffer[]) => {
        this.submit();
        this.#pool.destroy(buffers);
        this.#launches.forgetBindGroups();
      }
    };
    return new Arena(device, this.largestBinding, tensors);
  }

  /** The same values under another shape of the same size. */
  reshape(tensor: Tensor, shape: Shape): Tensor {
    if (size(shape) !== size(tensor.shape))
      throw new RangeError(
        `reshape: ${formatShape(tensor.shape)} does not hold ${formatShape(shape)}`
      );
    return {...tensor, shape};
  }

  /** Gives a tensor's memory back to the pool, also before its `tidy` would. */
  free({buffer}: Tensor): void {
    for (const scope of this.#scopes) scope.delete(buffer);
    this.#pool.give(buffer);
  }

  /**
   * Runs `body`, then frees the tensors made in it, except those passed to `keep`, which move to the
   * enclosing `tidy` or to the caller. Memory is reused in queue order, so a kernel that is recorded
   * and not yet sent still reads what it was given.
   */
  tidy<R>(body: (keep: (tensor: Tensor) => Tensor) => R): R {
    const scope = new Set<GPUBuffer>();
    const kept = new Set<GPUBuffer>();
    this.#scopes.push(scope);
    try {
      return body((tensor) => {
        kept.add(tensor.buffer);
        return tensor;
      });
    } finally {
      this.#scopes.pop();
      const outer = this.#scopes.at(-1);
      for (const buffer of scope)
        if (kept.has(buffer)) outer?.add(buffer);
        else this.#pool.give(buffer);
    }
  }

  /** Records one launch. */
  run(kernel: Kernel, {params, tensors, grid}: Run): void {
    this.#open();
    const [x, y = 1, z = 1] = grid;
    if (x * y * z === 0) return;
    const {pipeline, bindGroup} = this.#launches.prepare(kernel, params, tensors);
    this.#pass ??= this.#encoder!.beginComputePass();
    this.#recorded = true;
    this.#pass.setPipeline(pipeline);
    this.#pass.setBindGroup(0, bindGroup);
    this.#pass.dispatchWorkgroups(x, y, z);
    this.#counts.dispatches += 1;
  }

  /** Sends what is recorded, in one submit. */
  submit(): void {
    if (!this.#encoder) return;
    this.#pass?.end();
    this.device.queue.submit([this.#encoder.finish()]);
    this.#encoder = this.#pass = undefined;
    this.#recorded = false;
    this.#counts.submits += 1;
    for (const buffer of this.#staging.splice(0)) buffer.destroy();
    this.#errors.push(this.device.popErrorScope(), this.device.popErrorScope());
    this.#launches.evict();
  }

  /**
   * Sends what is recorded together with one copy of all `tensors`, and returns their values, packed
   * words for `f16` and `i8`.
   *
   * @throws {GpuError} with the device's own message, ahead of any wrong number it led to.
   */
  async read(...tensors: readonly Tensor[]): Promise<(Float32Array | Uint32Array)[]> {
    this.#open();
    this.#pass?.end();
    this.#pass = undefined;
    const bytes = tensors.map(byteLength);
    const staging = this.device.createBuffer({
      size: bytes.reduce((a, b) => a + b, 0) || 16,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ
    });
    let offset = 0;
    const offsets = tensors.map(({buffer, offset: from = 0}, i) => {
      this.#encoder!.copyBufferToBuffer(buffer, from, staging, offset, bytes[i]);
      offset += bytes[i];
      return offset - bytes[i];
    });
    this.submit();
    this.#counts.readbacks += 1;
    try {
      const mapped = staging.mapAsync(GPUMapMode.READ).catch((error: Error) => error);
      await this.check();
      const failure = await mapped;
      if (failure) throw new GpuError(`the device could not be read: ${failure.message}`);
      const copy = staging.getMappedRange().slice(0);
      return tensors.map(({shape, dtype}, i) =>
        dtype === "f32"
          ? new Float32Array(copy, offsets[i], size(shape))
          : dtype === "u32"
            ? new Uint32Array(copy, offsets[i], size(shape))
            : new Uint32Array(copy, offsets[i], bytes[i] / 4)
      );
    } finally {
      staging.destroy();
    }
  }

  /** Waits for the device's verdict on everything sent so far. */
  async check(): Promise<void> {
    this.submit();
    const errors = await Promise.all(this.#errors.splice(0));
    const error = errors.find((e) => e);
    if (error) throw new GpuError(error.message);
  }

  /** Waits until the device has done all that was sent, so that it can drop the copies it was sent. */
  async settle(): Promise<void> {
    await this.check();
    await this.device.queue.onSubmittedWorkDone();
  }

  /** Destroys pooled buffers that nobody uses. */
  trim(): void {
    this.submit();
    if (this.#pool.trim().length > 0) this.#launches.forgetBindGroups();
  }

  #checkBinding({shape, dtype}: Pick<Tensor, "shape" | "dtype">): number {
    const bytes = byteLength({shape, dtype});
    if (bytes > this.largestBinding)
      throw new GpuError(
        `tensor: ${formatShape(shape)} ${dtype} needs a binding of ${bytes} bytes, this device allows ${this.largestBinding}`
      );
    return bytes;
  }

  // The tensor's buffer may be recycled from a launch that is recorded and not yet sent, so its new
  // values must arrive in the same order.
  #stage(buffer: GPUBuffer, offset: number, values: Float32Array | Uint32Array): void {
    const staging = this.device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.COPY_SRC,
      mappedAtCreation: true
    });
    new Uint32Array(staging.getMappedRange()).set(
      new Uint32Array(values.buffer, values.byteOffset, values.length)
    );
    staging.unmap();
    this.#pass?.end();
    this.#pass = undefined;
    this.#encoder!.copyBufferToBuffer(staging, 0, buffer, offset, values.byteLength);
    this.#staging.push(staging);
  }

  #open(): void {
    if (this.#encoder) return;
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
    this.#encoder = this.device.createCommandEncoder();
  }
}
