import {proxy, type Remote} from "comlink";
import type {Convention} from "../model/convention.js";
import type {LoadProgress} from "../model/model-files.js";
import {type Connection, connection, reconnect, retire} from "./connection.js";
import {type ModelSource, sourceKey} from "../model/own-model.js";
import {HeldDictionaries} from "./held-dictionaries.js";
import type {Engine, Opened} from "./engine.js";
import type {DeviceDescription} from "./probe.js";
import {started} from "./started.js";

type Backend = DeviceDescription["backend"];
type Listener = (progress: LoadProgress) => void;

/** What a call fails with when the device, or the Worker that had the model, is gone. */
const losses = new Set(["DeviceLostError", "WorkerClosedError", "UnknownModelError"]);
/** A browser takes a moment to offer a device again after it lost one. */
const reopenings = 6;
/** How long, in milliseconds, a model stays in memory that no cell uses: an edited cell starts again. */
export const graceMs = 10_000;

const open = new Map<string, OpenModel>();
let count = 0;

/** The model in the page's Worker, loaded once for all cells that use it; to be released once for each call. */
export function holdModel(
  source: ModelSource,
  backend: Backend,
  onProgress: Listener,
  convention: Convention = "raw"
): OpenModel {
  const key = `${sourceKey(source)} ${backend} ${convention}`;
  const model = open.get(key) ?? new OpenModel(key, source, backend, convention);
  open.set(key, model);
  model.hold(onProgress);
  return model;
}

/** A model in the page's Worker, shared by those who hold it. */
export class OpenModel {
  readonly id = `model ${++count}`;
  /** What the Worker says of the model, once it is loaded. */
  readonly opened: Promise<Opened>;
  /** Device losses that the model came back from. */
  losses = 0;
  readonly #key: string;
  readonly #source: ModelSource;
  readonly #backend: Backend;
  readonly #convention: Convention;
  readonly #listeners = new Set<Listener>();
  #connection = connection();
  #holders = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reopening: Promise<void> | undefined;
  readonly dictionaries = new HeldDictionaries({
    attach: (source, ticket) => this.call((engine) => engine.attach(this.id, source, ticket)),
    detach: (ticket) => this.#connection.call((engine) => engine.detach(ticket)),
    attachAgain: (source, ticket) =>
      this.#connection.call((engine) => engine.attach(this.id, source, ticket))
  });

  constructor(key: string, source: ModelSource, backend: Backend, convention: Convention) {
    this.#key = key;
    this.#source = source;
    this.#backend = backend;
    this.#convention = convention;
    this.opened = this.#load((progress) => {
      for (const listener of this.#listeners) listener(progress);
    });
    this.opened
      .then(() => this.#isOpen && started.add(sourceKey(source)))
      .catch(() => this.#forget())
      .finally(() => this.#listeners.clear());
  }

  /** Where the model is now; another place after a loss. */
  get connection(): Connection {
    return this.#connection;
  }

  hold(onProgress?: Listener): void {
    this.#holders += 1;
    clearTimeout(this.#timer);
    if (onProgress) this.#listeners.add(onProgress);
  }

  /** The last one to let go frees the model, unless someone holds it again within `graceMs`. */
  release(): void {
    this.#holders -= 1;
    if (this.#holders === 0) this.#timer = setTimeout(() => void this.#close(), graceMs);
  }

  /** Calls the engine; after a loss the model is opened again, and the call repeated. */
  async call<R>(use: (engine: Remote<Engine>) => Promise<R>): Promise<R> {
    const at = this.#connection;
    this.hold();
    try {
      return await at.call(use);
    } catch (error) {
      if (!(error instanceof Error) || !losses.has(error.name)) throw error;
      await (this.#reopening ??= this.#reopen(at).finally(() => (this.#reopening = undefined)));
      return await this.#connection.call(use);
    } finally {
      this.release();
    }
  }

  #load(onProgress: Listener): Promise<Opened> {
    return this.#connection.call((engine) =>
      engine.open(this.id, this.#source, this.#backend, proxy(onProgress), this.#convention)
    );
  }

  /** Opens the model in a new Worker, as soon as there is a device again. */
  async #reopen(lost: Connection): Promise<void> {
    this.losses += 1;
    this.#connection = reconnect(lost);
    for (let attempt = 1; ; attempt++)
      try {
        await this.#load(() => {});
        await this.dictionaries.again();
        return;
      } catch (error) {
        const noDevice = error instanceof Error && error.name === "GpuUnavailableError";
        if (!noDevice || attempt === reopenings) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500 * attempt));
      }
  }

  /** Frees the model; one that is still loading is freed when it has come. */
  async #close(): Promise<void> {
    this.#forget();
    try {
      await this.opened;
      await this.#connection.call((engine) => engine.close(this.id));
    } catch {
      // it never came, or is gone with its Worker
    }
    if (open.size === 0) retire(this.#connection);
  }

  get #isOpen(): boolean {
    return open.get(this.#key) === this;
  }

  #forget(): void {
    if (!this.#isOpen) return;
    open.delete(this.#key);
    started.delete(sourceKey(this.#source));
  }
}
