import {proxy, transfer} from "comlink";
import {type OpenGpu, openGpu} from "../gpu/device.js";
import type {Backend} from "../model/backend.js";
import type {ModelConfig} from "../model/config.js";
import {type Convention, inConvention} from "../model/convention.js";
import type {GradientFields, GradientOptions} from "../model/gradient.js";
import type {DictionarySource} from "../model/dictionaries/dictionary-source.js";
import {type JobOptions, macrotask, type Progress} from "../model/job.js";
import {LanguageModel} from "../model/language-model.js";
import type {LoadProgress} from "../model/model-files.js";
import {type ModelSource, sourceName} from "../model/own-model.js";
import {passSpeed} from "../model/pass-cost.js";
import type {RunFields, Token} from "../model/run.js";
import type {GenerateOptions, RunOptions} from "../model/run-options.js";
import type {AblatedHead, AblateHeadsOptions} from "../model/sweeps/ablate-heads.js";
import type {NodeChange} from "../model/circuit/change-nodes.js";
import type {Target} from "../model/circuit/cut.js";
import type {Source} from "../model/circuit/sources.js";
import type {Traced, TraceOptions} from "../model/circuit/trace.js";
import {inMemory} from "../model/lazy-tensor.js";
import type {Contribution} from "../model/sweeps/attribute.js";
import type {Answers} from "../model/sweeps/contrast.js";
import type {PatchedCell, PatchEachOptions} from "../model/sweeps/patch-each.js";
import {type CircuitSource, EngineCircuits} from "./engine-circuits.js";
import {type AttachedDictionaries, EngineDictionaries} from "./engine-dictionaries.js";
import {openSource} from "./open-source.js";
import {startBackend} from "./start-backend.js";
import {Trainings} from "./trainings.js";

export interface Opened {
  readonly config: ModelConfig;
  readonly card: unknown;
  /** Of the weights. */
  readonly sha256: string;
}

/** What the Worker holds, and what its device holds and has done; zeros while no GPU is open. */
export interface EngineStats {
  /** Models in memory. */
  readonly models: number;
  /** Models ever loaded. */
  readonly loads: number;
  /** Bytes of all tensor buffers, in use or pooled. */
  readonly bytes: number;
  readonly buffers: number;
  readonly dispatches: number;
  readonly submits: number;
}

type OnProgress = (progress: Progress) => void;

export class UnknownModelError extends Error {
  override name = "UnknownModelError";
}

/** The models of one page, inside the Worker that owns their device. */
export class Engine {
  readonly #models = new Map<string, LanguageModel>();
  readonly #sources = new Map<
    string,
    {readonly source: ModelSource; readonly convention: Convention}
  >();
  readonly #circuits = new EngineCircuits();
  readonly #dictionaries = new EngineDictionaries();
  readonly #cancelled = new Set<number>();
  readonly #sweeps = new Map<number, AbortController>();
  #loads = 0;
  #gpu: Promise<OpenGpu> | undefined;
  /** The models that learn. */
  readonly trainings = proxy(new Trainings(() => this.#openGpu()));

  /** Loads a model and puts it on a device, to be called by `id` from here on. */
  async open(
    id: string,
    source: ModelSource,
    backend: Backend["kind"],
    onProgress: (progress: LoadProgress) => void,
    convention: Convention
  ): Promise<Opened> {
    const checkpoint = await openSource(source, onProgress);
    const {config, tokenizer, card, sha256} = checkpoint;
    const weights = inConvention(config, checkpoint.weights, convention);
    this.#models.set(
      id,
      new LanguageModel(
        config,
        tokenizer,
        await startBackend(backend, {config, weights}, () => this.#openGpu())
      )
    );
    this.#sources.set(id, {source, convention});
    this.#loads += 1;
    return {config, card, sha256};
  }

  /** What a feature or a logit difference is made of. */
  trace(id: string, prompt: string, options: TraceOptions): Promise<Traced> {
    return this.#circuits.trace(this.#circuitSource(id), prompt, options);
  }

  /** What becomes of a target when each node by itself is multiplied by a factor. */
  changeNodes(
    id: string,
    prompt: string,
    target: Target,
    sources: readonly Source[],
    factor: number
  ): Promise<NodeChange[]> {
    return this.#circuits.change(this.#circuitSource(id), prompt, target, sources, factor);
  }

  #circuitSource(id: string): CircuitSource {
    const {source, convention} = this.#sources.get(id)!;
    return {
      ...{model: this.#model(id), name: sourceName(source), convention},
      weights: async () => {
        const {config, weights} = await openSource(source, () => {});
        return inMemory(inConvention(config, weights, convention));
      }
    };
  }

  /** Adds dictionaries to a model, to be taken off by `ticket`. */
  attach(id: string, source: DictionarySource, ticket: string): Promise<AttachedDictionaries> {
    return this.#dictionaries.attach(() => this.#model(id), source, ticket);
  }

  /** Takes dictionaries off their model, and off its device. */
  detach(ticket: string): void {
    this.#dictionaries.detach(ticket);
  }

  /** Operations per second of a model's forward passes. */
  speed(id: string): Promise<number> {
    const {config, backend} = this.#model(id);
    return passSpeed(config, backend);
  }

  tokenize(id: string, prompt: string): Token[] {
    return this.#model(id).tokenize(prompt);
  }

  countTokens(id: string, prompts: readonly string[]): Promise<number[]> {
    return this.#model(id).countTokens(prompts);
  }

  /** A run of each prompt, in one pass: the prompts are of one token length. */
  async runBatch(
    id: string,
    prompts: readonly string[],
    options: RunOptions
  ): Promise<RunFields[]> {
    const runs = await this.#model(id).runBatch(prompts, options);
    const buffers = runs.flatMap(({activations}) =>
      [...activations.values()].map(({data}) => data.buffer as ArrayBuffer)
    );
    // fields, because a class does not survive the way
    return transfer(
      runs.map((run) => ({...run})),
      [...new Set(buffers)]
    );
  }

  async grad(id: string, prompt: string, options: GradientOptions): Promise<GradientFields> {
    const found = await this.#model(id).grad(prompt, options);
    const tensors = [...found.activations.values(), ...found.gradients.values()];
    const buffers = [...tensors, ...(found.oneHot ? [found.oneHot] : [])].map(
      ({data}) => data.buffer as ArrayBuffer
    );
    return transfer({...found}, [...new Set(buffers)]);
  }

  attributePatches(
    id: string,
    options: PatchEachOptions,
    ticket: number,
    onProgress: OnProgress
  ): Promise<PatchedCell[]> {
    return this.#sweep(ticket, onProgress, (job) =>
      this.#model(id).attributePatches({...options, ...job})
    );
  }

  /** Calls `onProgress` after each pass, until done or cancelled by its `ticket`. */
  patchEach(
    id: string,
    options: PatchEachOptions,
    ticket: number,
    onProgress: OnProgress
  ): Promise<PatchedCell[]> {
    return this.#sweep(ticket, onProgress, (job) =>
      this.#model(id).patchEach({...options, ...job})
    );
  }

  ablateHeads(
    id: string,
    prompt: string,
    options: AblateHeadsOptions,
    ticket: number,
    onProgress: OnProgress
  ): Promise<AblatedHead[]> {
    return this.#sweep(ticket, onProgress, (job) =>
      this.#model(id).ablateHeads(prompt, {...options, ...job})
    );
  }

  attribute(
    id: string,
    prompt: string,
    options: Answers,
    ticket: number,
    onProgress: OnProgress
  ): Promise<Contribution[]> {
    return this.#sweep(ticket, onProgress, (job) =>
      this.#model(id).attribute(prompt, {...options, ...job})
    );
  }

  /** Calls `onToken` with each token as it comes, until done or cancelled by its `ticket`. */
  async generate(
    id: string,
    prompt: string,
    options: GenerateOptions,
    ticket: number,
    onToken: (token: Token) => void
  ): Promise<void> {
    for await (const token of this.#model(id).generate(prompt, options)) {
      onToken(token);
      await macrotask();
      if (this.#cancelled.delete(ticket)) return;
    }
  }

  cancel(ticket: number): void {
    this.#cancelled.add(ticket);
  }

  /** Ends a sweep, between two of its passes. */
  cancelSweep(ticket: number): void {
    this.#sweeps.get(ticket)?.abort();
  }

  /**
   * The largest difference of a prompt's log-probabilities from the float64 twin's, over the ten
   * likeliest tokens at each position.
   */
  async check(id: string, source: ModelSource, prompt: string): Promise<number> {
    const {twinDifference} = await import("./twin-difference.js");
    return twinDifference(this.#model(id), source, prompt);
  }

  async stats(): Promise<EngineStats> {
    const {bytes, buffers, dispatches, submits} = this.#gpu
      ? (await this.#gpu).gpu.stats
      : {bytes: 0, buffers: 0, dispatches: 0, submits: 0};
    return {models: this.#models.size, loads: this.#loads, bytes, buffers, dispatches, submits};
  }

  close(id: string): void {
    const model = this.#models.get(id);
    if (!model) return;
    this.#dictionaries.forget(model);
    model.backend.dispose();
    this.#models.delete(id);
    this.#sources.delete(id);
  }

  async #sweep<R>(
    ticket: number,
    onProgress: OnProgress,
    work: (job: Required<JobOptions>) => Promise<R>
  ): Promise<R> {
    const controller = new AbortController();
    this.#sweeps.set(ticket, controller);
    try {
      return await work({signal: controller.signal, onProgress});
    } finally {
      this.#sweeps.delete(ticket);
    }
  }

  #model(id: string): LanguageModel {
    const model = this.#models.get(id);
    if (!model) throw new UnknownModelError(`model: "${id}" must be open before it is used`);
    return model;
  }

  #openGpu(): Promise<OpenGpu> {
    return (this.#gpu ??= openGpu().catch((error: unknown) => {
      this.#gpu = undefined;
      throw error;
    }));
  }
}
