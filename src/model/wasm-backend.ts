import {LruMap} from "../gpu/lru-map.js";
import type {Backend, ForwardRequest, ForwardResult, Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import {decodeOnHost, type ReadTokens} from "./decode.js";
import {editWindows} from "./edit-windows.js";
import {type Dictionary, featureCount} from "./dictionary.js";
import type {DictionaryPlan, DictionaryRequest} from "./dictionary-request.js";
import {dictionaryWindows} from "./dictionary-windows.js";
import type {Edit} from "./edits.js";
import {gradientPlan} from "./gradient-pass.js";
import {type GradientRequest, type GradientResult, gradientResult} from "./gradient-request.js";
import {type Jax, type JaxArray, type JaxDevice, loadJax} from "./jax.js";
import {type Layout, type Placement, placementAt} from "./layout.js";
import {type Plan, planOf} from "./plan.js";
import {resultOf} from "./result.js";
import {rotaryTables} from "./rotary-table.js";
import {type Site, siteShape} from "./sites.js";
import {type Arrays, arraysOn, counting, emptyCache, placedArrays, read} from "./wasm-arrays.js";
import type {Affine, RotaryTable} from "./wasm-ops.js";
import {affineEdits, bucketAt} from "./wasm-edits.js";
import {keyOf, WasmDictionaries} from "./wasm-dictionaries.js";
import {gradientProgram, scalarInputs} from "./wasm-gradient.js";
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

const jittedGradient = (
  jax: Jax,
  ...args: Parameters<typeof gradientProgram> extends [Jax, ...infer R] ? R : never
) => jax.jit(gradientProgram(jax, ...args));

/** What changes from one pass to the next. */
interface PassInputs {
  /** Token ids, one array per sequence, all of one length. */
  readonly tokens: readonly (readonly number[])[];
  /** Position of the first token. */
  readonly start: number;
  readonly placement: Placement | undefined;
  readonly edits: Record<string, Affine<JaxArray>>;
  readonly dictionaries?: DictionaryPlan;
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
  readonly #arrays: Arrays;
  readonly #config: ModelConfig;
  readonly #names: Weights<string>;
  readonly #weights: Record<string, JaxArray> = {};
  readonly #dictionaries: WasmDictionaries;
  readonly #range: JaxArray;
  readonly #rotary: RotaryTable<JaxArray>[];
  readonly #programs = new LruMap<string, ReturnType<typeof jitted>>(MOST_PROGRAMS);
  readonly #gradients = new LruMap<string, ReturnType<typeof jittedGradient>>(MOST_PROGRAMS);

  constructor(jax: Jax, device: JaxDevice, config: ModelConfig, weights: Weights<HostTensor>) {
    this.#jax = jax;
    this.#arrays = arraysOn(jax, device);
    this.#dictionaries = new WasmDictionaries(jax, this.#arrays);
    this.#config = config;
    this.slow = device === "wasm";
    this.device = this.slow ? "CPU (jax-js, WebAssembly)" : "WebGPU (jax-js)";
    const put = ({shape, data}: HostTensor, name: string) => {
      this.#weights[name] = this.#arrays.floats(shape, data);
      return name;
    };
    this.#names = mapWeights(weights, {vector: put, matrix: put});
    this.#range = this.#arrays.integers([config.context], counting(config.context));
    const array = ({shape, data}: HostTensor) => this.#arrays.floats(shape, data);
    this.#rotary = rotaryTables(config).map(({cos, sin}) => ({cos: array(cos), sin: array(sin)}));
  }

  async forward(request: ForwardRequest): Promise<ForwardResult> {
    const config = this.#config;
    const plan = planOf(request, config);
    const {batch, tokens, lensAt} = plan;
    const outputs = this.#run(plan, {
      tokens: request.tokens,
      start: 0,
      placement: placementAt(request.layouts, 0),
      edits: this.#edits(plan.edits, request.tokens),
      dictionaries: plan.dictionaries,
      cache: {keys: [], values: []}
    });
    const positions = plan.logits === "all" ? tokens : 1;
    const logits = await read(outputs.logits, [batch, positions, config.vocab]);
    const activations = await this.#read(outputs.activations, plan);
    const lens: HostTensor[] = [];
    for (const i of lensAt.keys())
      lens.push(await read(outputs.lens[i], [batch, tokens, config.vocab]));
    const features = new Map<string, HostTensor>();
    for (const {dictionary} of plan.dictionaries?.dictionaries ?? []) {
      const {name} = dictionary;
      const shape = [batch, tokens, featureCount(dictionary)];
      features.set(name, await read(outputs.features[name], shape));
    }
    return resultOf(request, {logits, activations, features, lens});
  }

  async gradient(request: GradientRequest): Promise<GradientResult> {
    const config = this.#config;
    const {of, oneHot} = request;
    const plan = gradientPlan(request, config);
    const {batch, tokens, sites, logits} = plan;
    const added: readonly Site[] = oneHot ? [...sites, "hook_embed"] : sites;
    const edits = Object.entries(
      this.#edits(
        new Map([...added.map((site) => [site, []] as const), ...plan.edits]),
        request.tokens
      )
    );
    const pass = this.#inputs(
      {
        ...{tokens: request.tokens, start: 0, placement: undefined},
        dictionaries: plan.dictionaries,
        cache: {keys: [], values: []}
      },
      of.kind === "loss" ? tokens - 1 : of.pos
    );
    const bucket = pass.tokens.shape[1];
    const rows = of.kind === "loss" ? bucket : 1;
    const scalar = scalarInputs(of, {batch, rows, vocab: config.vocab});
    const splice = this.#dictionaries.splice(plan.dictionaries);
    const options = {sites, logits, kind: of.kind, oneHot, splice};
    const edited = [edits.map(([site]) => site), Object.keys(pass.featureEdits), keyOf(splice)];
    const run = this.#gradients.get(JSON.stringify([batch, bucket, options, edited]), () =>
      jittedGradient(this.#jax, config, this.#names, options)
    );
    for (const {dispose} of this.#gradients.evict()) dispose();
    const floats = (values: readonly number[]) =>
      this.#arrays.floats([values.length], Float32Array.from(values));
    const found = run(Object.fromEntries(edits.map(([site, {shift}]) => [site, shift])), {
      pass,
      scales: Object.fromEntries(edits.map(([site, {scale}]) => [site, scale])),
      weights: scalar.weights.map(floats),
      targets: scalar.targets.map((ids) => this.#arrays.integers([ids.length], ids)),
      vocabulary: this.#arrays.integers([config.vocab], counting(config.vocab)),
      factors: scalar.factors.map(floats)
    });
    const measured =
      of.kind === "logits" ? [batch, 1, config.vocab] : [batch, Math.min(rows, tokens)];
    return gradientResult(request, {
      measured: (await read(found.measured, measured)).data,
      activations: await this.#read(found.activations, plan),
      gradients: await this.#read(found.gradients, plan),
      ...(oneHot && {oneHot: await read(found.oneHot[0], [batch, tokens, config.vocab])})
    });
  }

  async *decode(
    prompt: readonly number[],
    sampling: Sampling,
    edits: readonly Edit[] = [],
    layout?: Layout,
    dictionaries?: DictionaryRequest
  ): AsyncGenerator<number, void, void> {
    const layouts = layout && [layout];
    const plansAt = dictionaryWindows(dictionaries, this.#config, prompt.length);
    for await (const [id] of this.decodeMany([prompt], sampling, edits, layouts, plansAt)) yield id;
  }

  async *decodeMany(
    prompts: readonly (readonly number[])[],
    sampling: Sampling,
    edits: readonly Edit[] = [],
    layouts?: readonly Layout[],
    plansAt?: ReturnType<typeof dictionaryWindows>
  ): AsyncGenerator<readonly number[], void, void> {
    const editsAt = editWindows(edits, this.#config, prompts);
    let cache = emptyCache(this.#arrays, this.#config, prompts.length);
    const options = {sites: [], lensAt: [], logits: "last"} as const;
    try {
      const read: ReadTokens = async (tokens, start) => {
        const {logits, keys, values, features} = this.#run(options, {
          tokens,
          start,
          dictionaries: plansAt?.(start, tokens[0].length),
          placement: placementAt(layouts, start),
          edits: this.#edits(editsAt(start, tokens[0].length), tokens, start),
          cache
        });
        cache = {keys, values};
        this.#jax.tree.dispose(features);
        return (await logits.data()) as Float32Array;
      };
      yield* decodeOnHost(this.#config, prompts, sampling, read, layouts);
    } finally {
      this.#jax.tree.dispose({...cache});
    }
  }

  forget(dictionary: Dictionary): void {
    this.#dictionaries.forget(dictionary);
  }

  dispose(): void {
    this.#dictionaries.clear();
    for (const {dispose} of [...this.#programs.clear(), ...this.#gradients.clear()]) dispose();
    this.#jax.tree.dispose({...this.#weights, range: this.#range, rotary: this.#rotary});
  }

  #run({sites, lensAt, logits}: ProgramOptions, {edits, ...pass}: PassInputs) {
    const inputs = {...this.#inputs(pass), edits};
    const splice = this.#dictionaries.splice(pass.dictionaries);
    const key = JSON.stringify([
      inputs.tokens.shape,
      pass.cache.keys.length,
      sites,
      lensAt,
      logits,
      Object.keys(inputs.placed),
      Object.keys(edits),
      Object.keys(inputs.featureEdits),
      keyOf(splice)
    ]);
    const run = this.#programs.get(key, () =>
      jitted(this.#jax, this.#config, this.#names, {sites, lensAt, logits, splice})
    );
    for (const {dispose} of this.#programs.evict()) dispose();
    return run(inputs);
  }

  /** What a pass reads beside its edits; `last` is the token whose logits are asked for. */
  #inputs(
    {tokens, start, placement, dictionaries, cache}: Omit<PassInputs, "edits">,
    last = tokens[0].length - 1
  ): Omit<ProgramInputs, "edits"> {
    const {context} = this.#config;
    const [batch, length] = [tokens.length, tokens[0].length];
    const bucket = bucketAt(length, start, context);
    const padding = Array<number>(bucket - length).fill(0);
    return {
      ...this.#jax.tree.ref({
        weights: this.#weights,
        range: this.#range,
        rotary: this.#rotary
      }),
      ...cache,
      ...this.#dictionaries.inputs(dictionaries, {batch, tokens: length, bucket}),
      tokens: this.#arrays.integers(
        [batch, bucket],
        tokens.flatMap((ids) => [...ids, ...padding])
      ),
      positions: this.#arrays.integers([bucket], counting(bucket, start)),
      last: this.#arrays.integers([1], [last]),
      placed: placedArrays(this.#arrays, placement, {
        rows: bucket,
        keys: cache.keys.length > 0 ? context : bucket
      })
    };
  }

  #edits(edits: Plan["edits"], tokens: PassInputs["tokens"], start?: number) {
    return affineEdits(this.#arrays, this.#config, edits, tokens, start);
  }

  async #read(
    arrays: Record<string, JaxArray>,
    {sites, batch, tokens}: Plan
  ): Promise<Map<Site, HostTensor>> {
    const values = new Map<Site, HostTensor>();
    for (const site of sites)
      values.set(site, await read(arrays[site], siteShape(site, this.#config, batch, tokens)));
    return values;
  }
}
