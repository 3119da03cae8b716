import {bestControls, reachingFirst, type ScoredControl} from "../../model/search/best-control.js";
import type {ControlledModel} from "../../model/search/control.js";
import {draws} from "../../model/search/draws.js";
import {gcgSearch} from "../../model/search/gcg.js";
import {greedyTargets} from "../../model/search/greedy-targets.js";
import {Meter} from "../../model/search/meter.js";
import {lastStep} from "../../model/search/search-step.js";
import {allowedTokens} from "../../model/search/token-filter.js";
import {type State, type Target, type TargetKind, targetsOf} from "./pairs.js";

/** A row of the table `reachability`, without the run's name. */
export type ReachabilityRow = {
  readonly state_id: string;
  readonly state_len: number;
  readonly target: number;
  readonly target_rank: number;
  readonly target_kind: TargetKind;
  readonly method: Method;
  readonly k: number;
  readonly success: boolean;
  readonly prompt_ids: readonly number[];
  readonly base_loss: number;
  readonly loss: number;
  readonly evals: number;
};

export const methods = ["greedy", "gcg", "random"] as const;
export type Method = (typeof methods)[number];

/** How prompts are looked for. */
export interface ReachabilitySettings {
  /** Lengths of prompts, ascending: the paper's, and one method for all of them. */
  readonly lengths: readonly number[];
  /** Targets of each kind but the true next token, of which there is one. */
  readonly each: number;
  readonly gcg: {readonly topK: number; readonly batch: number; readonly iterations: number};
}

export const settings: ReachabilitySettings = {
  lengths: [1, 2, 3, 4, 6, 8, 10],
  each: 1,
  gcg: {topK: 24, batch: 48, iterations: 8}
};

/** As many random prompts as GCG may try at one length. */
export const randomCandidates = ({gcg: {batch, iterations}}: ReachabilitySettings): number =>
  batch * iterations + 1;

/**
 * Looks for the shortest prompt that makes a model say each of a state's targets: by every method at
 * every length, up to the first at which it finds one. Random prompts are the same for all targets of a
 * state; of prompts of printable tokens only.
 */
export async function* reachabilityOf(
  model: ControlledModel,
  state: State,
  how: ReachabilitySettings,
  {seed, signal}: {readonly seed: number; readonly signal?: AbortSignal}
): AsyncGenerator<ReachabilityRow, void, void> {
  const {lengths, each, gcg} = how;
  const tokens = allowedTokens(model, {printable: true});
  const targets = await targetsOf(model, state, {each, seed});
  const rowOf = (
    {target, kind, rank, baseLoss}: Target,
    method: Method,
    {control, loss, reached}: ScoredControl,
    evals: number
  ): ReachabilityRow => ({
    ...{state_id: state.id, state_len: state.tokens.length},
    ...{target, target_rank: rank, target_kind: kind},
    ...{method, k: control.length, success: reached, prompt_ids: control},
    ...{base_loss: baseLoss, loss, evals}
  });
  for (const method of methods)
    for (const one of targets) {
      const alone = {control: [], loss: one.baseLoss, reached: one.rank === 1};
      yield rowOf(one, method, alone, 0);
    }
  const hard = targets.filter(({rank}) => rank > 1);
  const byId = new Map(hard.map((one) => [one.target, one]));
  const before = new Map<number, number>();
  const wanted = {state: state.tokens, targets: [...byId.keys()]};
  const longest = Math.max(...lengths);
  for await (const {target, evals, ...found} of greedyTargets(model, wanted, {
    ...{k: longest, tokens, signal}
  })) {
    if (!lengths.includes(found.control.length) && !found.reached) continue;
    yield rowOf(byId.get(target)!, "greedy", found, evals - (before.get(target) ?? 0));
    before.set(target, evals);
  }
  for (const one of hard)
    for (const k of lengths) {
      const pair = {state: state.tokens, target: one.target};
      const options = {...gcg, k, tokens, signal, untilReached: true};
      const steps = gcgSearch(model, pair, {...options, seed: seed + 11 * one.target + k});
      const found = (await lastStep(steps))!;
      yield rowOf(one, "gcg", found, found.evals);
      if (found.reached) break;
    }
  let left = hard;
  for (const k of lengths) {
    if (left.length === 0) break;
    const draw = draws(seed, k + 1);
    const count = randomCandidates(how);
    const controls = Array.from({length: count}, () =>
      Array.from({length: k}, () => tokens[draw(tokens.length)])
    );
    const aims = {state: state.tokens, targets: left.map(({target}) => target)};
    const options = {meter: new Meter(), signal};
    const found = await bestControls(model, aims, controls, options, reachingFirst);
    for (const [i, one] of left.entries()) yield rowOf(one, "random", found[i]!, count);
    left = left.filter((_, i) => !found[i]!.reached);
  }
}
