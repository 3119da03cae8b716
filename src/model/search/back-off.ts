import type {ScoredControl} from "./best-control.js";
import {bestControl} from "./best-control.js";
import type {ControlledModel, ControlPair} from "./control.js";
import {gcgSearch, type GcgOptions} from "./gcg.js";
import {greedySearch} from "./greedy.js";
import {Meter} from "./meter.js";
import {randomSearch, type RandomSearchOptions} from "./random-search.js";
import {checkSearch, lastStep, type SearchOptions, type SearchStep} from "./search-step.js";

/** How a control is looked for, and what a method needs beside the length. */
export type SearchMethod =
  | {readonly method: "greedy"}
  | ({readonly method: "gcg"} & Omit<GcgOptions, keyof SearchOptions>)
  | ({readonly method: "random"} & Omit<RandomSearchOptions, keyof SearchOptions>);

export interface BackOffOptions extends Omit<SearchOptions, "k"> {
  /** Lengths of control to try, ascending; with none at all the state is looked at as it is. */
  readonly lengths: readonly number[];
}

/** The best control of one length that a method found for a state and a target. */
export interface ControlRow {
  readonly method: SearchMethod["method"];
  /** Tokens of the control; 0 for the state as it is. */
  readonly k: number;
  /** Whether the target is the likeliest token. */
  readonly success: boolean;
  readonly prompt_ids: readonly number[];
  /** −log p of the target behind the state as it is, in nats. */
  readonly base_loss: number;
  /** The same behind control and state. */
  readonly loss: number;
  /** Controls tried for this length, and for those since the row before. */
  readonly evals: number;
}

/**
 * Looks for the shortest control: a row for the state as it is, then one for each length, up to the
 * first that makes the target the likeliest. The budget is each length's own, but for greedy's, whose
 * one run makes all lengths. The authors look greedily at 1, 2 and 3, then by GCG at 4, 6, 8 and 10;
 * here one method does all lengths, so that a curve over k is not also one over methods.
 *
 * @throws {PromptError} if the pair or the options do not fit the model.
 */
export async function* backOff(
  model: ControlledModel,
  pair: ControlPair,
  how: SearchMethod,
  {lengths, ...options}: BackOffOptions
): AsyncGenerator<ControlRow, void, void> {
  const {method} = how;
  checkSearch("backOff", model, pair, {...options, k: Math.max(...lengths)});
  const {signal} = options;
  const base = await bestControl(model, pair, [[]], {meter: new Meter(), signal});
  const rowOf = (k: number, {control, loss, reached}: ScoredControl, evals: number) => ({
    ...{method, k, success: reached, prompt_ids: control},
    ...{base_loss: base!.loss, loss, evals}
  });
  yield rowOf(0, base!, 0);
  if (base!.reached) return;
  if (method === "greedy") {
    let before = 0;
    const steps = greedySearch(model, pair, {...options, k: Math.max(...lengths)});
    for await (const step of steps) {
      const k = step.control.length;
      if (!lengths.includes(k) && !step.reached) continue;
      yield rowOf(k, step, step.evals - before);
      before = step.evals;
    }
    return;
  }
  for (const k of lengths) {
    const search: AsyncIterable<SearchStep> =
      method === "gcg"
        ? gcgSearch(model, pair, {...options, ...how, k})
        : randomSearch(model, pair, {...options, ...how, k});
    const last = await lastStep(search);
    if (!last) return;
    yield rowOf(k, last, last.evals);
    if (last.reached) return;
  }
}
