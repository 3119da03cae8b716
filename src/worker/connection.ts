import {type Remote, wrap} from "comlink";
import type {Engine} from "./engine.js";

/** The Worker ended before it answered: another's device loss closed it, or it could not start. */
export class WorkerClosedError extends Error {
  override name = "WorkerClosedError";
}

/** The page's Worker. There is one; a new one takes its place when its device is lost. */
export class Connection {
  readonly #worker: Worker;
  readonly #engine: Remote<Engine>;
  readonly #calls = new Set<(error: WorkerClosedError) => void>();
  #ended: WorkerClosedError | undefined;

  constructor() {
    this.#worker = new Worker(import.meta.resolve("./worker.js"), {type: "module"});
    this.#engine = wrap<Engine>(this.#worker);
    this.#worker.addEventListener("error", ({message}) =>
      this.#end(`the page's Worker failed: ${message || "its script did not load"}`)
    );
  }

  /**
   * Calls the engine.
   *
   * @throws {WorkerClosedError} if the Worker ends first, where the engine alone would never answer.
   */
  call<R>(use: (engine: Remote<Engine>) => Promise<R>): Promise<R> {
    // a race against one long-lived promise would hold every answer for as long as that lives
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#calls.add(reject);
      void use(this.#engine)
        .then(resolve, reject)
        .finally(() => this.#calls.delete(reject));
    });
  }

  #end(reason: string): void {
    this.#ended ??= new WorkerClosedError(reason);
    for (const reject of this.#calls) reject(this.#ended);
    this.#calls.clear();
  }

  /** Ends the Worker, every call in flight, and everything that the Worker held. */
  close(): void {
    this.#worker.terminate();
    this.#end("the page's Worker was replaced");
  }
}

let current: Connection | undefined;
/** Of all copies of this module: a preview loads a changed one beside the one before. */
const page = globalThis as {workingsConnection?: Connection};

export function connection(): Connection {
  return (current ??= page.workingsConnection = new Connection());
}

/** Ends a Worker that nobody uses, once a newer copy of this module has started its own. */
export function retire(unused: Connection): void {
  if (page.workingsConnection === unused) return;
  unused.close();
  if (current === unused) current = undefined;
}

/** A new Worker in place of `lost`, or the one that already took its place. */
export function reconnect(lost: Connection): Connection {
  if (current === lost) {
    lost.close();
    current = undefined;
  }
  return connection();
}
