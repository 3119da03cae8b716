import {proxy, type Remote} from "comlink";
import {type JobOptions, type Progress, untilAborted} from "../model/job.js";
import type {Engine} from "./engine.js";

/** What the Worker does of a sweep; the options are those that can be sent there. */
export type SweepWork<Options extends JobOptions, R> = (
  engine: Remote<Engine>,
  plain: Omit<Options, keyof JobOptions>,
  ticket: number,
  onProgress: (progress: Progress) => void
) => Promise<R>;

type Call = <R>(use: (engine: Remote<Engine>) => Promise<R>) => Promise<R>;

/** A sweep in the Worker, by its ticket: it reports, and is cancelled there once its signal aborts. */
export async function swept<Options extends JobOptions, R>(
  {signal, onProgress, ...plain}: Options,
  work: SweepWork<Options, R>,
  {ticket, call, cancel}: {readonly ticket: number; readonly call: Call; readonly cancel: Call}
): Promise<R> {
  signal?.throwIfAborted();
  const report = proxy((progress: Progress) => {
    if (!signal?.aborted) onProgress?.(progress);
  });
  const done = call((engine) => work(engine, plain, ticket, report));
  try {
    return await untilAborted(done, signal);
  } catch (error) {
    if (signal?.aborted) cancel((engine) => engine.cancelSweep(ticket)).catch(() => {});
    throw error;
  }
}
