import type {ControlledModel, ControlPair, ControlTargets} from "./control.js";
import {lastLogits, type LastLogitsOptions} from "./last-logits.js";
import {summary} from "./next-token.js";

/** A control, and what it does to a target. */
export interface ScoredControl {
  readonly control: readonly number[];
  /** Of the target behind the state: −log p, in nats. */
  readonly loss: number;
  /** Whether the target is the likeliest token there. */
  readonly reached: boolean;
}

/** How one control is to be preferred to another. */
type Prefers = (one: ScoredControl, other: ScoredControl) => boolean;

export const lessLoss: Prefers = (one, other) => one.loss < other.loss;

/** The lower loss, of those that reach the target if any does. */
export const reachingFirst: Prefers = (one, other) =>
  one.reached === other.reached ? one.loss < other.loss : one.reached;

/**
 * The best of some controls of one length, of equals the first; of those that the budget allowed, and
 * undefined if that was none.
 */
export async function bestControl(
  model: ControlledModel,
  {state, target}: ControlPair,
  controls: readonly (readonly number[])[],
  options: LastLogitsOptions,
  prefers: Prefers = lessLoss
): Promise<ScoredControl | undefined> {
  const [best] = await bestControls(model, {state, targets: [target]}, controls, options, prefers);
  return best;
}

/** The same for each of some targets: a pass over a control tells of all of them. */
export async function bestControls(
  model: ControlledModel,
  {state, targets}: ControlTargets,
  controls: readonly (readonly number[])[],
  options: LastLogitsOptions,
  prefers: Prefers = lessLoss
): Promise<(ScoredControl | undefined)[]> {
  const best = targets.map((): ScoredControl | undefined => undefined);
  for await (const {first, rows} of lastLogits(model, state, controls, options))
    for (const [i, logits] of rows.entries()) {
      const {likeliest, logSum} = summary(logits);
      for (const [at, target] of targets.entries()) {
        const scored: ScoredControl = {
          control: controls[first + i],
          loss: logSum - logits[target],
          reached: likeliest === target
        };
        const before = best[at];
        if (!before || prefers(scored, before)) best[at] = scored;
      }
    }
  return best;
}
