import {proxy} from "comlink";

import type {ModelConfig} from "../model/config.js";
import type {GenerateOptions, RunOptions} from "../model/language-model.js";
import type {LoadProgress} from "../model/model-files.js";
import {Run, type Token} from "../model/run.js";
import {runSql, type SqlTag} from "../tables/run-tables.js";
import {type Connection, connection, reconnect} from "./connection.js";
import type {EngineStats, Opened} from "./engine.js";
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
  const found = await probe();
  const {backend = found.backend, onProgress = () => {}, invalidation} = options;
  const device = backend === found.backend ? found : {...found, backend, name: deviceName(backend)};
  const model = await LanguageModel.open(name, device, onProgress);
  void invalidation?.then(() => model.dispose());
  return model;
}

const deviceName = (backend: DeviceDescription["backend"]) =>
  backend === "wasm" ? "this CPU" : "WebGPU";

let opened = 0;
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
  /** Device losses that this model came back from. */
  losses = 0;
  readonly #id: string;
  #connection: Connection;

  static async open(
    name: string,
    device: DeviceDescription,
    onProgress: (progress: LoadProgress) => void
  ): Promise<LanguageModel> {
    const id = `${name} ${++opened}`;
    const at = connection();
    const answer = await at.engine.open(id, name, device.backend, proxy(onProgress));
    return new LanguageModel(id, name, device, at, answer);
  }

  private constructor(
    id: string,
    name: string,
    device: DeviceDescription,
    at: Connection,
    {config, card, sha256}: Opened
  ) {
    this.#id = id;
    this.#connection = at;
    this.name = name;
    this.device = device;
    this.config = config;
    this.card = card;
    this.sha256 = sha256;
  }

  /** The tokens that the model reads for a prompt. */
  tokenize(prompt: string): Promise<Token[]> {
    return this.#connection.engine.tokenize(this.#id, prompt);
  }

  /** One forward pass over one prompt. A lost device is replaced and the pass run again, once. */
  async run(prompt: string, options: RunOptions = {}): Promise<LiveRun> {
    const attempt = async () =>
      new LiveRun(await this.#connection.engine.run(this.#id, prompt, options));
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "DeviceLostError") throw error;
      await this.#reopen();
      return attempt();
    }
  }

  /** Continues a prompt, token by token. */
  async *generate(
    prompt: string,
    {signal, ...options}: GenerateOptions & {readonly signal?: AbortSignal} = {}
  ): AsyncGenerator<Token, void, void> {
    const {engine} = this.#connection;
    const ticket = ++tickets;
    const queue: Token[] = [];
    let wake = () => {};
    let running = true;
    const done = engine
      .generate(
        this.#id,
        prompt,
        options,
        ticket,
        proxy((token: Token) => {
          queue.push(token);
          wake();
        })
      )
      .finally(() => {
        running = false;
        wake();
      });
    try {
      while (running || queue.length > 0) {
        if (signal?.aborted) return;
        const token = queue.shift();
        if (token) yield token;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      await done;
    } finally {
      if (running) await engine.cancel(ticket);
      done.catch(() => {});
    }
  }

  /** The largest difference of a prompt's log-probabilities from slow exact arithmetic, in nats. */
  check(prompt: string): Promise<number> {
    return this.#connection.engine.check(this.#id, this.name, prompt);
  }

  stats(): Promise<EngineStats> {
    return this.#connection.engine.stats();
  }

  dispose(): void {
    void this.#connection.engine.close(this.#id);
  }

  async #reopen(): Promise<void> {
    this.losses += 1;
    this.#connection = reconnect(this.#connection);
    await this.#connection.engine.open(
      this.#id,
      this.name,
      this.device.backend,
      proxy(() => {})
    );
  }
}
