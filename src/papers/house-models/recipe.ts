import {parseJsonObject} from "../../model/model-file-error.js";
import {type LmConfig, parseLmConfig} from "../../training/lm-config.js";
import {replay} from "../../training/replay.js";
import {mustHold, type Row} from "../claim.js";
import type {Environment} from "../environment.js";
import {largestDifference} from "../measures.js";
import {LADDER, slug} from "./shipped.js";

const MODEL = LADDER[0];
const STEPS = 40;

/** The recipe from scratch, in jax-js, follows the losses of the training in PyTorch. */
export async function* recipe(environment: Environment): AsyncGenerator<Row> {
  const files = environment.shipped(MODEL);
  const config = parseLmConfig(
    new TextDecoder().decode(await files.read("training.json")),
    `${MODEL}/training.json`
  );
  const {training} = parseJsonObject(await files.read("model.json"), "model.json") as {
    training?: {loss: readonly (readonly [step: number, nats: number])[]};
  };
  const stored = new Map(training!.loss);
  const losses = Array.from({length: STEPS}, (_, i) => stored.get(i + 1) ?? NaN);
  const bytes = await files.read("first-batches.bin");
  const windows = new Uint16Array(bytes.slice().buffer);
  const difference = async (changed: LmConfig) =>
    largestDifference(await replay(changed, windows, STEPS), losses);
  yield mustHold(slug, environment.seed, {
    claim: `the recipe of ${MODEL}, from scratch in jax-js, follows its stored losses`,
    metric: `largest difference over ${STEPS} steps, nats per token`,
    op: "<=",
    threshold: 1e-3,
    value: () => difference(config),
    control: {
      name: "a learning rate 1.1 times as high",
      value: () => difference({...config, rate: 1.1 * config.rate})
    }
  });
}
