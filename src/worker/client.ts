import {proxy, type Remote} from "comlink";
import type {ModelConfig} from "../model/config.js";
import type {GenerateOptions, RunOptions} from "../model/language-model.js";
import type {LoadProgress} from "../model/model-files.js";
import {Run, type Token} from "../model/run.js";
import {runSql, type SqlTag} from "../tables/run-tables.js";
import type {Engine, EngineStats, Opened} from "./engine.js";
import {holdModel, type OpenModel} from "./open-models.js";
import {type DeviceDescription, probe} from "./probe.js";

export interface OpenOptions {
  /** Where to run; when left out, on the GPU if there is a real one, else on the CPU. */
  readonly backend?: DeviceDescription["backend"];
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Of the cell: when it settles, the model's memory is freed. */
  readonly invalidation?: Promise<void>;
}

/** A run whose activations can be queried. */
export class LiveRun extends Run {
  /** A template tag for SQL over this run's tables, and no other's. */
  get sql(): SqlTag {
    return runSql(this);
  }
}

/** Opens a shipped model in the page's Worker. */
export async function openModel(name: string, options: OpenOptions = {}): Promise<LanguageModel> {
  const {backend, onProgress = () => {}, invalidation} = options;
  const device = await probe(backend);
  const model = await LanguageModel.open(name, device, onProgress);
  void invalidation?.then(() => model.dispose());
  return model;
}

let tickets = 0;

/** A shipped model, open in the page's Worker. */
export class LanguageModel {
  readonly name: string;
  readonly device: DeviceDescription;
  readonly config: ModelConfig;
  /** The model's card, `model.json`. */
  readonly card: unknown;
  /** Of the weights. */
  readonly sha256: string;
  readonly #shared: OpenModel;
  readonly #id: string;
  #isDisposed = false;

  static async open(
    name: string,
    device: DeviceDescription,
    onProgress: (progress: LoadProgress) => void
  ): Promise<LanguageModel> {
    const shared = holdModel(name, device.backend, onProgress);
    try {
      return new LanguageModel(shared, name, device, await shared.opened);
    } catch (error) {
      shared.release();
      throw error;
    }
  }

  private constructor(
    shared: OpenModel,
    name: string,
    device: DeviceDescription,
    {config, card, sha256}: Opened
  ) {
    this.#shared = shared;
    this.#id = shared.id;
    this.name = name;
    this.device = device;
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

  /** One forward pass over one prompt. A lost device is replaced and the pass run again. */
  async run(prompt: string, options: RunOptions = {}): Promise<LiveRun> {
    return new LiveRun(await this.#call((engine) => engine.run(this.#id, prompt, options)));
  }

  /** Continues a prompt, token by token. */
  async *generate(
    prompt: string,
    {signal, ...options}: GenerateOptions & {readonly signal?: AbortSignal} = {}
  ): AsyncGenerator<Token, void, void> {
    const at = this.#shared.connection;
    const ticket = ++tickets;
    const queue: Token[] = [];
    let wake = () => {};
    let running = true;
    const onToken = proxy((token: Token) => {
      queue.push(token);
      wake();
    });
    const done = at
      .call((engine) => engine.generate(this.#id, prompt, options, ticket, onToken))
      .finally(() => {
        running = false;
        wake();
      });
    signal?.addEventListener("abort", () => wake());
    try {
      while (running || queue.length > 0) {
        if (signal?.aborted) return;
        const token = queue.shift();
        if (token) yield token;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      await done;
    } finally {
      done.catch(() => {});
      if (running) await at.call((engine) => engine.cancel(ticket));
    }
  }

  /** The largest difference of a prompt's log-probabilities from slow exact arithmetic, in nats. */
  check(prompt: string): Promise<number> {
    return this.#call((engine) => engine.check(this.#id, this.name, prompt));
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

  async #call<R>(use: (engine: Remote<Engine>) => Promise<R>): Promise<R> {
    if (this.#isDisposed)
      throw new Error(`model: ${this.name} must be open, but its cell has ended; open it again`);
    return this.#shared.call(use);
  }
}
