import {proxy, type Remote} from "comlink";
import type {ModelConfig} from "../model/config.js";
import {checkConvention, type Convention} from "../model/convention.js";
import {type Estimate, estimateAt} from "../model/cost.js";
import type {DictionarySource} from "../model/dictionaries/dictionary-source.js";
import type {NodeChange} from "../model/circuit/change-nodes.js";
import type {Source} from "../model/circuit/sources.js";
import type {Traced, TraceOptions} from "../model/circuit/trace.js";
import {Gradient, type GradientOptions} from "../model/gradient.js";
import type {JobOptions} from "../model/job.js";
import type {LoadProgress} from "../model/model-files.js";
import {type ModelSource, sourceKey, sourceName} from "../model/own-model.js";
import {passesCost} from "../model/pass-cost.js";
import type {Token} from "../model/run.js";
import {type BatchRunner, runAll, type RunAllOptions} from "../model/run-all.js";
import type {GenerateOptions, RunOptions} from "../model/run-options.js";
import type {AblatedHead, AblateHeadsOptions} from "../model/sweeps/ablate-heads.js";
import type {Contribution} from "../model/sweeps/attribute.js";
import type {Answers} from "../model/sweeps/contrast.js";
import type {PatchedCell, PatchEachOptions} from "../model/sweeps/patch-each.js";
import {sweepCost, type SweepSize} from "../model/sweeps/sweep-cost.js";
import type {ColumnTable} from "../tables/arquero.js";
import {rowTable} from "../tables/row-table.js";
import type {Engine, EngineStats, Opened} from "./engine.js";
import type {AttachedDictionaries} from "./engine-dictionaries.js";
import {LiveRun} from "./live-run.js";
import {holdModel, type OpenModel} from "./open-models.js";
import {type DeviceDescription, probe} from "./probe.js";
import {speedOf} from "./speed.js";
import {streamed} from "./streamed.js";
import {type SweepWork, swept} from "./swept.js";

export interface OpenOptions {
  /** Where to run; when left out, on the GPU if there is a real one, else on the CPU. */
  readonly backend?: DeviceDescription["backend"];
  /** The weights as they are stored, `raw` if left out, or folded and centred as TransformerLens does. */
  readonly convention?: Convention;
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Of the cell: when it settles, the model's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/**
 * Opens a model in the page's Worker.
 *
 * @param source The name of a model that the site ships, or the value of a `modelPicker`.
 */
export async function openModel(
  source: ModelSource,
  options: OpenOptions = {}
): Promise<LanguageModel> {
  const {backend, convention = "raw", onProgress = () => {}, invalidation} = options;
  checkConvention("openModel: convention", convention);
  const device = await probe(backend);
  const model = await LanguageModel.open(source, {device, convention}, onProgress);
  void invalidation?.then(() => model.dispose());
  return model;
}

let tickets = 0;

/** A model, open in the page's Worker. */
export class LanguageModel {
  readonly name: string;
  readonly device: DeviceDescription;
  /** How its weights are written. */
  readonly convention: Convention;
  readonly config: ModelConfig;
  /** The model's card, `model.json`. */
  readonly card: unknown;
  /** Of the weights. */
  readonly sha256: string;
  readonly #shared: OpenModel;
  readonly #id: string;
  readonly #source: ModelSource;
  #isDisposed = false;

  static async open(
    source: ModelSource,
    {device, convention}: {readonly device: DeviceDescription; readonly convention: Convention},
    onProgress: (progress: LoadProgress) => void
  ): Promise<LanguageModel> {
    const shared = holdModel(source, device.backend, onProgress, convention);
    try {
      return new LanguageModel(shared, source, {device, convention}, await shared.opened);
    } catch (error) {
      shared.release();
      throw error;
    }
  }

  private constructor(
    shared: OpenModel,
    source: ModelSource,
    {device, convention}: {readonly device: DeviceDescription; readonly convention: Convention},
    {config, card, sha256}: Opened
  ) {
    this.#shared = shared;
    this.#id = shared.id;
    this.name = sourceName(source);
    this.#source = source;
    this.device = device;
    this.convention = convention;
    this.config = config;
    this.card = card;
    this.sha256 = sha256;
  }

  /** Device losses that this model came back from. */
  get losses(): number {
    return this.#shared.losses;
  }

  /** The tokens that the model reads for a prompt. */
  tokenize(prompt: string): Promise<Token[]> {
    return this.#call((engine) => engine.tokenize(this.#id, prompt));
  }

  /**
   * Attaches dictionaries, whose features runs can then read and change by name:
   * `lm.run(prompt, {dictionaries: names})` gives them in `run.features`.
   *
   * @param source Such as `house-3m/mlp3tc`, `house-3m/mlp*tc`, or the value of a `dictionaryPicker`.
   * @param options `invalidation` of the cell: when it settles, they are taken off again.
   * @throws {ModelFileError} if the site ships none of that name, or a file of one cannot be used.
   * @throws {SiteError} if one does not fit this model, or its name is taken.
   */
  async attach(
    source: DictionarySource,
    {invalidation}: {readonly invalidation?: Promise<void>} = {}
  ): Promise<AttachedDictionaries> {
    this.#checkOpen();
    const {dictionaries} = this.#shared;
    const attached = await dictionaries.hold(source);
    void invalidation?.then(() => dictionaries.release(source));
    return attached;
  }

  /** One forward pass over one prompt. A lost device is replaced and the pass run again. */
  async run(prompt: string, options: RunOptions = {}): Promise<LiveRun> {
    const [run] = await this.#runBatch([prompt], options);
    return run;
  }

  /**
   * What a feature of an attached transcoder, or the logit difference of two answers, is made of on a
   * prompt: signed contributions, the largest paths as a graph, and the weights that count on any prompt.
   *
   * @throws {SiteError} if a feature is none of its transcoders'.
   */
  trace(prompt: string, options: TraceOptions): Promise<Traced> {
    return this.#call((engine) => engine.trace(this.#id, prompt, options));
  }

  /** What becomes of a traced target when each of its sources by itself is multiplied by `factor`. */
  changeNodes(
    {prompt, target}: Pick<Traced, "prompt" | "target">,
    sources: readonly Source[],
    factor = 0
  ): Promise<NodeChange[]> {
    return this.#call((engine) => engine.changeNodes(this.#id, prompt, target, sources, factor));
  }

  /** The gradient of a number that the model gives for a prompt, with respect to its activations. */
  async grad(prompt: string, options: GradientOptions): Promise<Gradient> {
    return new Gradient(await this.#call((engine) => engine.grad(this.#id, prompt, options)));
  }

  /**
   * Runs the prompt of each row of a table, many in one pass: an array of objects, an arquero table or
   * a query's result.
   *
   * @returns the rows in their order, each with the columns that `of` gives behind its own.
   * @throws {PromptError} before any work, naming the first row that cannot be run.
   */
  async runAll<Row extends object, Columns extends object>(
    table: Iterable<Row>,
    options: RunAllOptions<Row, Columns, LiveRun>
  ): Promise<ColumnTable> {
    const runner: BatchRunner<LiveRun> = {
      config: this.config,
      slow: this.device.slow,
      countTokens: (prompts) => this.#call((engine) => engine.countTokens(this.#id, prompts)),
      runBatch: (prompts, batchOptions) => this.#runBatch(prompts, batchOptions)
    };
    return rowTable(await runAll(runner, table, options));
  }

  /**
   * What a sweep over a prompt takes here: `patchEach` at a site, `blocks.*.hook_resid_pre` when left
   * out, or `ablateHeads` at `heads`. The first measures the device for a moment.
   */
  async sweepEstimate(
    prompt: string,
    site: SweepSize["site"] = "blocks.*.hook_resid_pre"
  ): Promise<Estimate> {
    const {length} = await this.tokenize(prompt);
    const cost = sweepCost(this.config, this.device.slow, {tokens: length, site});
    return estimateAt(cost, await this.#speed());
  }

  /** What forward passes over single prompts of so many tokens take here. */
  async passEstimate(prompts: number, tokens: number): Promise<Estimate> {
    const cost = passesCost(this.config, {sequences: prompts, tokens, at: 1});
    return estimateAt(cost, await this.#speed());
  }

  /**
   * Activation patching: the corrupt prompt with one activation of the clean one, for each layer and
   * position, or each layer and head.
   */
  patchEach(options: PatchEachOptions & JobOptions): Promise<PatchedCell[]> {
    return this.#sweep(options, (engine, plain, ...job) =>
      engine.patchEach(this.#id, plain, ...job)
    );
  }

  /** Attribution patching: what `patchEach` would give, estimated from one gradient. */
  attributePatches(options: PatchEachOptions & JobOptions): Promise<PatchedCell[]> {
    return this.#sweep(options, (engine, plain, ...job) =>
      engine.attributePatches(this.#id, plain, ...job)
    );
  }

  /** What each head's removal does to the logit difference of two answers. */
  ablateHeads(prompt: string, options: AblateHeadsOptions & JobOptions): Promise<AblatedHead[]> {
    return this.#sweep(options, (engine, plain, ...job) =>
      engine.ablateHeads(this.#id, prompt, plain, ...job)
    );
  }

  /** Direct logit attribution: what each part adds to the logit difference of two answers. */
  attribute(prompt: string, options: Answers & JobOptions): Promise<Contribution[]> {
    return this.#sweep(options, (engine, plain, ...job) =>
      engine.attribute(this.#id, prompt, plain, ...job)
    );
  }

  /** Continues a prompt, token by token. */
  async *generate(
    prompt: string,
    {signal, ...options}: GenerateOptions & {readonly signal?: AbortSignal} = {}
  ): AsyncGenerator<Token, void, void> {
    const at = this.#shared.connection;
    const ticket = ++tickets;
    yield* streamed<Token>(
      (onToken) =>
        at.call((engine) => engine.generate(this.#id, prompt, options, ticket, proxy(onToken))),
      () => at.call((engine) => engine.cancel(ticket)),
      signal
    );
  }

  /** The largest difference of a prompt's log-probabilities from slow exact arithmetic, in nats. */
  check(prompt: string): Promise<number> {
    return this.#call((engine) => engine.check(this.#id, this.#source, prompt));
  }

  stats(): Promise<EngineStats> {
    return this.#call((engine) => engine.stats());
  }

  /** Lets go of the model, whose memory is freed when no other cell has taken it for some seconds. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#shared.release();
  }

  #speed(): Promise<number> {
    return speedOf(`${sourceKey(this.#source)} on ${this.device.backend}`, () =>
      this.#call((engine) => engine.speed(this.#id))
    );
  }

  async #runBatch(prompts: readonly string[], options: RunOptions): Promise<LiveRun[]> {
    const runs = await this.#call((engine) => engine.runBatch(this.#id, prompts, options));
    return runs.map((fields) => new LiveRun(fields));
  }

  #sweep<Options extends JobOptions, R>(options: Options, work: SweepWork<Options, R>): Promise<R> {
    return swept(options, work, {
      ticket: ++tickets,
      call: (use) => this.#call(use),
      cancel: (use) => this.#shared.connection.call(use)
    });
  }

  async #call<R>(use: (engine: Remote<Engine>) => Promise<R>): Promise<R> {
    this.#checkOpen();
    return this.#shared.call(use);
  }

  #checkOpen(): void {
    if (this.#isDisposed)
      throw new Error(`model: ${this.name} must be open, but its cell has ended; open it again`);
  }
}
