import {bestControl} from "../../model/search/best-control.js";
import type {ControlledModel} from "../../model/search/control.js";
import {draws} from "../../model/search/draws.js";
import {Meter} from "../../model/search/meter.js";
import type {State} from "./pairs.js";
import type {ReachabilityRow} from "./reachability.js";

export interface SpotCheckOptions {
  /** Rows to run again. */
  readonly count: number;
  readonly seed: number;
  /** Runs each row's prompt before another row's state. */
  readonly exchanged: boolean;
}

/** How far the loss of stored prompts, run again, is from the stored one at most, in nats; infinite where success differs. */
export async function spotCheck(
  model: ControlledModel,
  states: readonly State[],
  rows: readonly ReachabilityRow[],
  {count, seed, exchanged}: SpotCheckOptions
): Promise<number> {
  const draw = draws(seed, 5);
  const tried = rows.filter(({k}) => k > 0);
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const row = tried[draw(tried.length)];
    const from = exchanged ? tried[draw(tried.length)] : row;
    const state = states.find(({id}) => id === from.state_id)!.tokens;
    const pair = {state, target: row.target};
    const found = await bestControl(model, pair, [row.prompt_ids], {meter: new Meter()});
    const difference = Math.abs(found!.loss - row.loss);
    worst = Math.max(worst, !exchanged && found!.reached !== row.success ? Infinity : difference);
  }
  return worst;
}
