import {type Remote, wrap} from "comlink";
import type {Engine} from "./engine.js";

/** The page's Worker. There is one; a new one takes its place when its device is lost. */
export interface Connection {
  readonly engine: Remote<Engine>;
  /** Rejects every call in flight and those to come, and frees everything the Worker held. */
  close(): void;
}

let current: Connection | undefined;

export function connection(): Connection {
  return (current ??= connect());
}

/** Replaces `lost` by a new Worker, unless somebody already did. */
export function reconnect(lost: Connection): Connection {
  if (current === lost) {
    lost.close();
    current = undefined;
  }
  return connection();
}

function connect(): Connection {
  const worker = new Worker(import.meta.resolve("./worker.js"), {type: "module"});
  return {engine: wrap<Engine>(worker), close: () => worker.terminate()};
}
