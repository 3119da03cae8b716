/** How far a job of many passes is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** Since the job began. */
  readonly seconds: number;
}

export interface JobOptions {
  /** Ends the job at once, with nothing given back. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * Counts a job's work: to be called with what each pass did.
 *
 * @throws the signal's reason, once it is aborted.
 */
export function counter(
  total: number,
  {signal, onProgress}: JobOptions
): (did: number) => Promise<void> {
  const started = performance.now();
  let done = 0;
  signal?.throwIfAborted();
  return async (did) => {
    done += did;
    onProgress?.({done, total, seconds: (performance.now() - started) / 1000});
    await macrotask();
    signal?.throwIfAborted();
  };
}

/** What `work` gives, unless the signal is aborted before: then its reason, at once. */
export function untilAborted<R>(work: Promise<R>, signal?: AbortSignal): Promise<R> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort);
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Lets messages in: a backend that blocks its thread would otherwise never hear a cancel. */
export const macrotask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
