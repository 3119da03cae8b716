import {LruMap} from "../gpu/lru-map.js";
import {type Shape, size} from "../gpu/shape.js";
import type {Backend, ForwardRequest, ForwardResult, Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import {decodeOnHost} from "./decode.js";
import {editWindows, tokensAt} from "./edit-windows.js";
import type {Edit} from "./edits.js";
import {type Jax, type JaxArray, type JaxDevice, loadJax} from "./jax.js";
import {affineEdit, bucketOf, crop} from "./padding.js";
import {type Plan, planOf} from "./plan.js";
import {resultOf} from "./result.js";
import {type Site, siteShape} from "./sites.js";
import type {Affine, RotaryTable} from "./wasm-ops.js";
import {program, type ProgramInputs, type ProgramOptions} from "./wasm-program.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

const MOST_PROGRAMS = 32;

/**
 * Opens a model in jax-js, on the CPU through WebAssembly or on jax-js's own WebGPU kernels. The
 * backend owns its arrays until `dispose`.
 *
 * @throws if the device cannot be started here.
 */
export async function openWasm(
  config: ModelConfig,
  weights: Weights<HostTensor>,
  device: JaxDevice = "wasm"
): Promise<Backend> {
  return new WasmBackend(await loadJax(device), device, config, weights);
}

const jitted = (
  jax: Jax,
  ...args: Parameters<typeof program> extends [Jax, ...infer R] ? R : never
) => jax.jit(program(jax, ...args));

/** What changes from one pass to the next. */
interface PassInputs {
  /** Token ids, one array per sequence, all of one length. */
  readonly tokens: readonly (readonly number[])[];
  /** Position of the first token. */
  readonly start: number;
  readonly edits: Record<string, Affine<JaxArray>>;
  /** Consumed. */
  readonly cache: Cache;
}

interface Cache {
  readonly keys: JaxArray[];
  readonly values: JaxArray[];
}

class WasmBackend implements Backend {
  readonly kind = "wasm";
  readonly device: string;
  readonly slow: boolean;
  readonly #jax: Jax;
  readonly #on: JaxDevice;
  readonly #config: ModelConfig;
  readonly #names: Weights<string>;
  readonly #weights: Record<string, JaxArray> = {};
  readonly #range: JaxArray;
  readonly #rotary: RotaryTable<JaxArray>[];
  readonly #programs = new LruMap<string, ReturnType<typeof jitted>>(MOST_PROGRAMS);

  constructor(jax: Jax, device: JaxDevice, config: ModelConfig, weights: Weights<HostTensor>) {
    this.#jax = jax;
    this.#on = device;
    this.#config = config;
    this.slow = device === "wasm";
    this.device = this.slow ? "CPU (jax-js, WebAssembly)" : "WebGPU (jax-js)";
    const put = ({shape, data}: HostTensor, name: string) => {
      this.#weights[name] = this.#floats(shape, data);
      return name;
    };
    this.#names = mapWeights(weights, {vector: put, matrix: put});
    this.#range = this.#integers([config.context], counting(config.context));
    this.#rotary = config.positions === "learned" ? [] : [this.#rotaryTable()];
  }

  async forward(request: ForwardRequest): Promise<ForwardResult> {
    const config = this.#config;
    const plan = planOf(request, config);
    const {batch, tokens, sites, lensAt} = plan;
    const outputs = this.#run(plan, {
      tokens: request.tokens,
      start: 0,
      edits: this.#edits(plan.edits, request.tokens),
      cache: {keys: [], values: []}
    });
    const positions = plan.logits === "all" ? tokens : 1;
    const logits = await read(outputs.logits, [batch, positions, config.vocab]);
    const activations = new Map<Site, HostTensor>();
    for (const site of sites) {
      const shape = siteShape(site, config, batch, tokens);
      activations.set(site, await read(outputs.activations[site], shape));
    }
    const lens: HostTensor[] = [];
    for (const i of lensAt.keys())
      lens.push(await read(outputs.lens[i], [batch, tokens, config.vocab]));
    return resultOf(request, {logits, activations, lens});
  }

  async *decode(
    prompt: readonly number[],
    sampling: Sampling,
    edits: readonly Edit[] = []
  ): AsyncGenerator<number, void, void> {
    for await (const [id] of this.decodeMany([prompt], sampling, edits)) yield id;
  }

  async *decodeMany(
    prompts: readonly (readonly number[])[],
    sampling: Sampling,
    edits: readonly Edit[] = []
  ): AsyncGenerator<readonly number[], void, void> {
    const editsAt = editWindows(edits, this.#config, prompts);
    let cache = this.#emptyCache(prompts.length);
    const options = {sites: [], lensAt: [], logits: "last"} as const;
    try {
      yield* decodeOnHost(this.#config, prompts, sampling, async (tokens, start) => {
        const {logits, keys, values} = this.#run(options, {
          tokens,
          start,
          edits: this.#edits(editsAt(start, tokens[0].length), tokens, start),
          cache
        });
        cache = {keys, values};
        return (await logits.data()) as Float32Array;
      });
    } finally {
      this.#jax.tree.dispose({...cache});
    }
  }

  dispose(): void {
    this.#programs.clear();
    this.#jax.tree.dispose({...this.#weights, range: this.#range, rotary: this.#rotary});
  }

  #run({sites, lensAt, logits}: ProgramOptions, {tokens, start, edits, cache}: PassInputs) {
    const {context} = this.#config;
    const [batch, length] = [tokens.length, tokens[0].length];
    const bucket = bucketAt(length, start, context);
    const padding = Array<number>(bucket - length).fill(0);
    const inputs: ProgramInputs = {
      ...this.#jax.tree.ref({
        weights: this.#weights,
        range: this.#range,
        rotary: this.#rotary
      }),
      ...cache,
      edits,
      tokens: this.#integers(
        [batch, bucket],
        tokens.flatMap((ids) => [...ids, ...padding])
      ),
      positions: this.#integers([bucket], counting(bucket, start)),
      last: this.#integers([1], [length - 1])
    };
    const key = JSON.stringify([
      batch,
      bucket,
      cache.keys.length,
      sites,
      lensAt,
      logits,
      Object.keys(edits)
    ]);
    const run = this.#programs.get(key, () =>
      jitted(this.#jax, this.#config, this.#names, {sites, lensAt, logits})
    );
    for (const {dispose} of this.#programs.evict()) dispose();
    return run(inputs);
  }

  /** Edits of a pass; `start` is given where there is a cache, whose keys are as many as the context's. */
  #edits(
    edits: Plan["edits"],
    {length: batch, 0: {length}}: PassInputs["tokens"],
    start?: number
  ): Record<string, Affine<JaxArray>> {
    const config = this.#config;
    const bucket = bucketAt(length, start ?? 0, config.context);
    return Object.fromEntries(
      [...edits].map(([site, rowEdits]) => {
        const shapeOf = (tokens: number, keys: number) =>
          siteShape(
            site,
            config,
            batch,
            start === undefined ? tokens : tokensAt(site, tokens),
            keys
          );
        const inner = shapeOf(length, (start ?? 0) + length);
        const padded = shapeOf(bucket, start === undefined ? bucket : config.context);
        const {scale, shift} = affineEdit(rowEdits, inner, padded);
        return [site, {scale: this.#floats(padded, scale), shift: this.#floats(padded, shift)}];
      })
    );
  }

  #rotaryTable(): RotaryTable<JaxArray> {
    const {context, headWidth, ropeBase} = this.#config;
    const half = headWidth / 2;
    const table = (f: (angle: number) => number) =>
      this.#floats(
        [context, half],
        Float32Array.from({length: context * half}, (_, i) =>
          f(Math.floor(i / half) * ropeBase ** (-(i % half) / half))
        )
      );
    return {cos: table(Math.cos), sin: table(Math.sin)};
  }

  #emptyCache(batch: number): Cache {
    const {layers, context, kvHeads, headWidth} = this.#config;
    const shape = [batch, context, kvHeads, headWidth];
    const make = () =>
      Array.from({length: layers}, () => this.#floats(shape, new Float32Array(size(shape))));
    return {keys: make(), values: make()};
  }

  #floats(shape: Shape, data: Float32Array): JaxArray {
    return this.#jax.numpy.array(data, {shape: [...shape], device: this.#on});
  }

  #integers(shape: Shape, data: readonly number[]): JaxArray {
    return this.#jax.numpy.array(Int32Array.from(data), {shape: [...shape], device: this.#on});
  }
}

/** A pass that goes on from a cache is one token long, and needs no other size. */
const bucketAt = (length: number, start: number, context: number): number =>
  start > 0 ? length : bucketOf(length, context);

const counting = (length: number, start = 0): number[] => Array.from({length}, (_, i) => start + i);

async function read(array: JaxArray, shape: Shape): Promise<HostTensor> {
  const padded = array.shape;
  return {shape, data: crop((await array.data()) as Float32Array, padded, shape)};
}
