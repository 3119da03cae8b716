/** Work that is started, and waited for. */
export interface Work {
  start(): void | Promise<void>;
  /** Resolves when all that was started is done on the device. */
  settle(): Promise<void>;
}

export interface Timing {
  /** The median time of one start. */
  readonly ms: number;
  /** How many times it is the median of. */
  readonly samples: number;
}

const WARM_UPS = 5;
const SAMPLES = 20;
const FEWEST_SAMPLES = 3;
/** Work so slow that its samples take longer, as on an emulated GPU, gets fewer of them. */
const MOST_MS = 20_000;
/** A sample repeats short work until it takes this long, so that waiting does not count. */
const SAMPLE_MS = 20;
const MOST_REPEATS = 50;

/** The median of twenty samples after five warm-ups. */
export async function time(work: Work): Promise<Timing> {
  const begin = performance.now();
  const late = () => performance.now() - begin > MOST_MS;
  let fastest = Infinity;
  for (let i = 0; i < WARM_UPS && !late(); i++) fastest = Math.min(fastest, await sample(work, 1));
  const repeats = Math.max(1, Math.min(MOST_REPEATS, Math.ceil(SAMPLE_MS / fastest)));
  const samples: number[] = [];
  while (samples.length < SAMPLES && !(late() && samples.length >= FEWEST_SAMPLES))
    samples.push(await sample(work, repeats));
  return {ms: median(samples), samples: samples.length};
}

async function sample(work: Work, repeats: number): Promise<number> {
  const begin = performance.now();
  for (let i = 0; i < repeats; i++) await work.start();
  await work.settle();
  return (performance.now() - begin) / repeats;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}
