import {encodeParams, type Kernel} from "./kernel.js";
import {LruMap} from "./lru-map.js";
import {byteLength, type Tensor} from "./tensor.js";

/** Values for a kernel's `params` uniform, by field name. */
export type Params = Readonly<Record<string, number>>;
/** One tensor for every storage binding, by WGSL variable name. */
export type Bindings = Readonly<Record<string, Tensor>>;

interface Compiled {
  readonly id: number;
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

interface Uniform {
  readonly id: number;
  readonly buffer: GPUBuffer;
}

const CACHED_UNIFORMS = 4096;
const CACHED_BIND_GROUPS = 8192;

/** Pipelines, uniform buffers and bind groups, each made once for what asks for it again. */
export class LaunchCache {
  readonly #device: GPUDevice;
  readonly #compiled = new Map<Kernel, Compiled>();
  // A uniform is never written again: its key is what it holds.
  readonly #uniforms = new LruMap<string, Uniform>(CACHED_UNIFORMS);
  readonly #bindGroups = new LruMap<string, GPUBindGroup>(CACHED_BIND_GROUPS);
  readonly #ids = new WeakMap<GPUBuffer, number>();
  #nextId = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  get pipelines(): number {
    return this.#compiled.size;
  }

  get bindGroups(): number {
    return this.#bindGroups.size;
  }

  /** @throws {Error} naming a parameter or tensor that the kernel lacks or does not have. */
  prepare(kernel: Kernel, params: Params, tensors: Bindings) {
    const compiled = this.#compile(kernel);
    const uniform = this.#uniform(kernel, compiled, params);
    return {
      pipeline: compiled.pipeline,
      bindGroup: this.#bind(kernel, compiled, uniform, tensors)
    };
  }

  /** Drops the least recently used of what exceeds the limits. Nothing recorded may be waiting. */
  evict(): void {
    for (const {buffer} of this.#uniforms.evict()) buffer.destroy();
    this.#bindGroups.evict();
  }

  /** To be called when buffers that they bind were destroyed. */
  forgetBindGroups(): void {
    this.#bindGroups.clear();
  }

  #compile(kernel: Kernel): Compiled {
    const known = this.#compiled.get(kernel);
    if (known) return known;
    const {name: label, wgsl: code} = kernel;
    const pipeline = this.#device.createComputePipeline({
      label,
      layout: "auto",
      compute: {module: this.#device.createShaderModule({label, code})}
    });
    const compiled = {id: this.#nextId++, pipeline, layout: pipeline.getBindGroupLayout(0)};
    this.#compiled.set(kernel, compiled);
    return compiled;
  }

  #uniform(kernel: Kernel, {id}: Compiled, params: Params): Uniform {
    const key = `${id} ${Object.values(params).join(" ")}`;
    return this.#uniforms.get(key, () => {
      const bytes = encodeParams(kernel, params);
      const buffer = this.#device.createBuffer({
        size: bytes.byteLength,
        usage: GPUBufferUsage.UNIFORM,
        mappedAtCreation: true
      });
      new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(bytes));
      buffer.unmap();
      return {id: this.#nextId++, buffer};
    });
  }

  #bind(kernel: Kernel, compiled: Compiled, uniform: Uniform, tensors: Bindings) {
    const {uniforms, storages} = kernel.definitions;
    for (const name of Object.keys(tensors))
      if (!(name in storages)) throw new Error(`${kernel.name}: has no storage binding "${name}"`);
    const bound = Object.entries(storages).map(([name, {binding}]) => {
      const tensor = tensors[name];
      if (!tensor) throw new Error(`${kernel.name}: missing tensor "${name}"`);
      return {
        binding,
        resource: {buffer: tensor.buffer, offset: tensor.offset ?? 0, size: byteLength(tensor)}
      };
    });
    const ids = bound.map(
      ({resource}) => `${this.#id(resource.buffer)}:${resource.offset}:${resource.size}`
    );
    return this.#bindGroups.get(`${compiled.id} ${uniform.id} ${ids.join(" ")}`, () =>
      this.#device.createBindGroup({
        label: kernel.name,
        layout: compiled.layout,
        entries: [{binding: uniforms.params.binding, resource: {buffer: uniform.buffer}}, ...bound]
      })
    );
  }

  #id(buffer: GPUBuffer): number {
    const known = this.#ids.get(buffer);
    if (known !== undefined) return known;
    this.#ids.set(buffer, this.#nextId);
    return this.#nextId++;
  }
}
