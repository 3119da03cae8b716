import {bestControls, reachingFirst} from "../../model/search/best-control.js";
import type {ControlledModel} from "../../model/search/control.js";
import {draws} from "../../model/search/draws.js";
import {exhaustive} from "../../model/search/exhaustive.js";
import {gcgSearch} from "../../model/search/gcg.js";
import {greedyTargets} from "../../model/search/greedy-targets.js";
import {Meter} from "../../model/search/meter.js";
import {lastStep} from "../../model/search/search-step.js";

/** How many of the targets that some prompt of a length reaches a search finds a prompt for. */
export interface Graded {
  readonly reachable: number;
  readonly greedy: number;
  readonly gcg: number;
  /** Random prompts, as many as greedy search tries. */
  readonly randomAsGreedy: number;
  /** The same, as many as GCG may try. */
  readonly randomAsGcg: number;
}

export interface GradeOptions {
  readonly k: 1 | 2;
  /** What prompts are made of, in the exhaustive search too. */
  readonly tokens: Uint32Array;
  readonly gcg: {readonly topK: number; readonly batch: number; readonly iterations: number};
  /** Targets of a state at most, drawn among those that are reachable. */
  readonly most: number;
  readonly seed: number;
}

/** Grades searches against all prompts of one length, over the targets that those reach behind a state. */
export async function graded(
  model: ControlledModel,
  state: readonly number[],
  {k, tokens, gcg, most, seed}: GradeOptions
): Promise<Graded> {
  const {targets: truth} = await exhaustive(model, state, {k, tokens});
  const reachable = Array.from(truth.target).filter((id) => truth.count[id] > 0);
  const draw = draws(seed, 1);
  while (reachable.length > most) reachable.splice(draw(reachable.length), 1);
  const wanted = {state, targets: reachable};
  let greedy = 0;
  for await (const {reached} of greedyTargets(model, wanted, {k, tokens})) if (reached) greedy++;
  let byGradient = 0;
  for (const target of reachable) {
    const options = {...gcg, k, tokens, untilReached: true, seed: seed + target};
    const found = await lastStep(gcgSearch(model, {state, target}, options));
    if (found?.reached) byGradient++;
  }
  const random = async (count: number, stream: number) => {
    const pick = draws(seed, stream);
    const controls = Array.from({length: count}, () =>
      Array.from({length: k}, () => tokens[pick(tokens.length)])
    );
    const options = {meter: new Meter()};
    const found = await bestControls(model, wanted, controls, options, reachingFirst);
    return found.filter((one) => one?.reached).length;
  };
  return {
    ...{reachable: reachable.length, greedy, gcg: byGradient},
    randomAsGreedy: await random(tokens.length * k, 2),
    randomAsGcg: await random(gcg.batch * gcg.iterations + 1, 3)
  };
}
