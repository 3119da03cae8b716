import type {RunOptions} from "../model/run-options.js";
import type {Run} from "../model/run.js";
import {retireRun} from "../tables/run-tables.js";
import {useStyles} from "./styles.js";

interface Runner<R extends Run> {
  run(prompt: string, options?: RunOptions): Promise<R>;
  /** Device losses so far. */
  readonly losses?: number;
}

export interface LatestOptions extends RunOptions {
  /** Of the cell: with it, a first prompt that cannot be run is waited out until the next one. */
  readonly invalidation?: Promise<void>;
}

/** Runs for someone who types: the latest good run. */
export interface Latest<R extends Run> {
  (prompt: string, options?: LatestOptions): Promise<R>;
  /** Says in a sentence why a prompt could not be run; to be shown where the prompt is typed. */
  readonly problem: HTMLElement;
}

/**
 * A `run` whose result takes the place of the one before: that one's tables are dropped. A prompt that
 * cannot be run gives the run before it once more, and a sentence in `problem` if that is on show; the
 * cells below then stay as they are. Use one for each cell: the notebook's runtime starts a cell again
 * only when it has ended, with the newest prompt, so prompts typed in between are never run.
 */
export function latest<R extends Run>(model: Runner<R>): Latest<R> {
  useStyles();
  const problem = document.createElement("div");
  problem.className = "w-problem";
  problem.setAttribute("role", "status");
  let shown: R | undefined;
  const before = model.losses ?? 0;

  const run = async (
    prompt: string,
    {invalidation, ...options}: LatestOptions = {}
  ): Promise<R> => {
    try {
      const next = await model.run(prompt, options);
      problem.textContent =
        (model.losses ?? 0) > before ? "The GPU was lost and started again; this is new." : "";
      if (shown) retireRun(shown);
      return (shown = next);
    } catch (error) {
      if (!problem.isConnected) throw error;
      problem.textContent = (error as Error).message;
      if (shown) return shown;
      // once its cell has started again, the runtime drops what this one ends with
      await invalidation;
      throw error;
    }
  };
  return Object.assign(run, {problem});
}
