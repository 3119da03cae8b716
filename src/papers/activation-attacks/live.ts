import {type AttackRow, attackRows} from "../../model/attack/attack-rows.js";
import {loadModel} from "../../model/checkpoint.js";
import {parseJsonObject} from "../../model/model-file-error.js";
import {firstModel} from "../../training/first-weights.js";
import {parseLmConfig} from "../../training/lm-config.js";
import {type Environment, type HostModel, using} from "../environment.js";
import {contextsOf, tokensOf, type Window} from "./contexts.js";
import {settings} from "./series.js";

/** The model that is attacked anew at every verification. */
export const LIVE = "ladder-25k";
/** How many positions are controlled then. */
export const LIVE_A = 8;

const LIVE_TS = [2, 4, 8, 12];

/** How many contexts are attacked. */
export interface LiveSize {
  readonly reps: number;
  readonly steps: number;
  readonly roundings: readonly number[];
}

/** Attacks on a model of one shape by the settings of the stored ones, targets by the seed. */
export async function liveRows(
  environment: Environment,
  isTrained: boolean,
  {reps, steps, roundings}: LiveSize
): Promise<AttackRow[]> {
  const files = environment.shipped(LIVE);
  const {windows} = parseJsonObject(await files.read("heldout.json"), "heldout.json") as {
    windows: readonly Window[];
  };
  const all = contextsOf(windows);
  const contexts = Array.from({length: reps}, (_, i) => all[(all.length - 1 - i) % all.length]);
  const {config, weights} = await loadModel(files);
  const recipe = new TextDecoder().decode(await files.read("training.json"));
  const model: HostModel = {
    config,
    weights: isTrained ? weights : firstModel(parseLmConfig(recipe, "training.json"))
  };
  return using(environment, model, async (backend) => {
    const rows: AttackRow[] = [];
    for (const t of LIVE_TS)
      rows.push(
        ...(await attackRows(
          {config, backend},
          {
            ...{contexts, a: LIVE_A, t, tokens: tokensOf(windows), bits: roundings},
            ...{steps, learningRate: settings.learningRate, seed: 1000 * environment.seed + 1}
          }
        ))
      );
    return rows;
  });
}
