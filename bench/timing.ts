/** Work that is started, and waited for. */
export interface Work {
  start(): void | Promise<void>;
  /** Resolves when all that was started is done on the device. */
  settle(): Promise<void>;
}

const WARM_UPS = 5;
const SAMPLES = 20;
/** A sample repeats short work until it takes this long, so that waiting does not count. */
const SAMPLE_MS = 20;
const MOST_REPEATS = 50;

/** The median of twenty samples after five warm-ups, in milliseconds for one start. */
export async function medianMs(work: Work): Promise<number> {
  let fastest = Infinity;
  for (let i = 0; i < WARM_UPS; i++) fastest = Math.min(fastest, await sample(work, 1));
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(SAMPLE_MS / fastest)));
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) samples.push(await sample(work, repeats));
  samples.sort((a, b) => a - b);
  return (samples[SAMPLES / 2 - 1] + samples[SAMPLES / 2]) / 2;
}

async function sample(work: Work, repeats: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < repeats; i++) await work.start();
  await work.settle();
  return (performance.now() - begin) / repeats;
}
