import type {RunOptions} from "../model/language-model.js";
import type {Run} from "../model/run.js";
import {retireRun} from "../tables/run-tables.js";
import {useStyles} from "./styles.js";

interface Runner<R extends Run> {
  run(prompt: string, options?: RunOptions): Promise<R>;
  /** Device losses so far. */
  readonly losses?: number;
}

/** Runs for someone who types: `await run(prompt)` settles for the newest prompt only. */
export interface Latest<R extends Run> {
  (prompt: string, options?: RunOptions): Promise<R>;
  /** Says in a sentence why the newest prompt could not be run; to be shown where the prompt is typed. */
  readonly problem: HTMLElement;
}

interface Call<R> {
  readonly prompt: string;
  readonly options?: RunOptions;
  resolve(run: R): void;
  reject(error: unknown): void;
}

/**
 * A `run` that skips prompts which newer ones have overtaken: the run in flight is followed by the
 * newest only. A call that was overtaken never settles, nor does one whose problem is on show, so the
 * cells below stay as they are. Use one for each cell.
 */
export function latest<R extends Run>(model: Runner<R>): Latest<R> {
  useStyles();
  const problem = document.createElement("div");
  problem.className = "w-problem";
  problem.setAttribute("role", "status");
  let waiting: Call<R> | undefined;
  let running = false;
  let shown: R | undefined;
  let losses = model.losses ?? 0;

  const settle = (run: R): R => {
    const now = model.losses ?? 0;
    problem.textContent = now > losses ? "The GPU was lost and started again; this is new." : "";
    losses = now;
    if (shown) retireRun(shown);
    return (shown = run);
  };
  const drain = async () => {
    running = true;
    while (waiting) {
      const call: Call<R> = waiting;
      waiting = undefined;
      try {
        const run = await model.run(call.prompt, call.options);
        if (!waiting) call.resolve(settle(run));
      } catch (error) {
        if (waiting) continue;
        if (problem.isConnected) problem.textContent = (error as Error).message;
        else call.reject(error);
      }
    }
    running = false;
  };
  const run = (prompt: string, options?: RunOptions) =>
    new Promise<R>((resolve, reject) => {
      waiting = {prompt, options, resolve, reject};
      if (!running) void drain();
    });
  return Object.assign(run, {problem});
}
