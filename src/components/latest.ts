import type {JobOptions} from "../model/job.js";
import type {RunOptions} from "../model/run-options.js";
import type {Run} from "../model/run.js";
import {retireRun} from "../tables/run-tables.js";
import {useStyles} from "./styles.js";

interface Runner<R extends Run> {
  run(prompt: string, options?: RunOptions): Promise<R>;
  /** Device losses so far. */
  readonly losses?: number;
}

/** Work on what controls give, such as a sweep: it can be stopped, and may say how far it is. */
export type Work<Given, Found> = (given: Given, job: JobOptions) => Promise<Found>;

interface Lifetime {
  /**
   * Of the cell: with it, something first that cannot be run is waited out until the next, and work is
   * stopped when its cell starts again.
   */
  readonly invalidation?: Promise<void>;
}
export type LatestOptions = RunOptions & Lifetime;

/** Runs for someone who types: the latest good result. */
export interface Latest<Given, Options, Found> {
  (given: Given, options?: Options): Promise<Found>;
  /** Says in a sentence why something could not be run; to be shown where it is typed. */
  readonly problem: HTMLElement;
}

/** How often a line says how far the work is, in milliseconds, and from when on. */
const BEAT = 500;

/**
 * A `run` whose result takes the place of the one before: a run's tables are then dropped. What cannot
 * be run gives the result before it once more, and a sentence in `problem` if that is on show; the
 * cells below then stay as they are, and figures that follow `problem` on the page stand back. Use one
 * for each cell: the notebook's runtime starts a cell again only when it has ended, with the newest
 * prompt, so prompts typed in between are never run.
 */
export function latest<R extends Run>(model: Runner<R>): Latest<string, LatestOptions, R>;
export function latest<Given, Found>(work: Work<Given, Found>): Latest<Given, Lifetime, Found>;
export function latest(of: Runner<Run> | Work<unknown, unknown>) {
  return typeof of === "function" ? latestWork(of) : latestRun(of);
}

function latestRun<R extends Run>(model: Runner<R>): Latest<string, LatestOptions, R> {
  const line = problemLine();
  let shown: R | undefined;
  const before = model.losses ?? 0;
  return kept(line, async (prompt, {invalidation: _, ...options}) => {
    const next = await model.run(prompt, options);
    const lost = (model.losses ?? 0) > before;
    line.say(lost ? "The GPU was lost and started again; this is new." : "");
    if (shown) retireRun(shown);
    return (shown = next);
  });
}

function latestWork<Given, Found>(work: Work<Given, Found>): Latest<Given, Lifetime, Found> {
  const line = problemLine();
  return kept(line, async (given, {invalidation}) => {
    const stop = new AbortController();
    void invalidation?.then(() => stop.abort());
    const {signal} = stop;
    let told = 0;
    const found = await work(given, {
      signal,
      onProgress: ({done, total, seconds}) => {
        if (signal.aborted || 1000 * seconds - told < BEAT) return;
        told = 1000 * seconds;
        line.say(`${done.toLocaleString("en")} of ${total.toLocaleString("en")}`, "w-working");
      }
    });
    line.say("");
    return found;
  });
}

/** What `attempt` gave last, and a line that says why it gives nothing new. */
function kept<Given, Options extends Lifetime, Found>(
  line: ReturnType<typeof problemLine>,
  attempt: (given: Given, options: Partial<Options>) => Promise<Found>
): Latest<Given, Options, Found> {
  let last: {readonly found: Found} | undefined;
  const run = async (given: Given, options: Partial<Options> = {}): Promise<Found> => {
    const {invalidation}: Lifetime = options;
    let ended = false;
    void invalidation?.then(() => (ended = true));
    try {
      last = {found: await attempt(given, options)};
      line.isKept = true;
      return last.found;
    } catch (error) {
      if (ended || !line.element.isConnected) throw error;
      line.say((error as Error).message, "w-refused");
      if (last) return last.found;
      // once its cell has started again, the runtime drops what this one ends with
      await invalidation;
      throw error;
    }
  };
  return Object.assign(run, {problem: line.element});
}

function problemLine() {
  useStyles();
  const element = document.createElement("div");
  element.className = "w-problem";
  element.setAttribute("role", "status");
  const line = {
    element,
    /** Whether something older is on show. */
    isKept: false,
    say(sentence: string, state = "") {
      element.textContent = sentence;
      element.className = `w-problem ${state} ${state && line.isKept ? "w-stale" : ""}`.trim();
    }
  };
  return line;
}
