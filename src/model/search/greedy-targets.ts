import {bestControls} from "./best-control.js";
import type {ControlledModel, ControlTargets} from "./control.js";
import {Meter} from "./meter.js";
import {checkSearch, type SearchOptions, type SearchStep} from "./search-step.js";

/** A step of one target's search. */
export interface TargetStep extends SearchStep {
  readonly target: number;
}

/**
 * `greedySearch` for many targets of one state, step by step: targets whose control is the same so far
 * share their passes. Each step's `evals` are those that its target would have taken alone.
 *
 * @throws {PromptError} if the state, a target or the options do not fit the model.
 */
export async function* greedyTargets(
  model: ControlledModel,
  {state, targets}: ControlTargets,
  {k, tokens, signal}: Omit<SearchOptions, "budget">
): AsyncGenerator<TargetStep, void, void> {
  for (const target of targets) checkSearch("greedyTargets", model, {state, target}, {k, tokens});
  let groups: Group[] = [{control: [], targets}];
  for (let step = 0; step < k && groups.length > 0; step++) {
    const next = new Map<string, {control: readonly number[]; targets: number[]}>();
    for (const {control, targets} of groups) {
      const controls = Array.from(tokens, (token) => [token, ...control]);
      const options = {meter: new Meter(), signal};
      const found = await bestControls(model, {state, targets}, controls, options);
      for (const [i, target] of targets.entries()) {
        const best = found[i]!;
        yield {...best, target, step, evals: tokens.length * (step + 1)};
        if (best.reached) continue;
        const key = best.control.join();
        const group = next.get(key) ?? {control: best.control, targets: []};
        next.set(key, group);
        group.targets.push(target);
      }
    }
    groups = [...next.values()];
  }
}

interface Group {
  readonly control: readonly number[];
  readonly targets: readonly number[];
}
