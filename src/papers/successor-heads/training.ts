import {normals} from "../../kernels/normals.js";
import {gpt2Weights} from "../../model/gpt2-names.js";
import {loadJax} from "../../model/jax.js";
import type {HostTensor, Weights} from "../../model/weights.js";
import {firstWeights} from "../../training/first-weights.js";
import {type LmConfig, modelConfig} from "../../training/lm-config.js";
import {learningRate} from "../../training/schedule.js";
import {Trainer} from "../../training/trainer.js";
import {VOCAB} from "./classes.js";
import {batchAt, CONTEXT, type Facts} from "./lists.js";

/** The models, and what each is told beside lists. */
export const models = {"lists-only": "none", "lists-digits": "digits"} as const satisfies Record<
  string,
  Facts
>;
export type ListModel = keyof typeof models;

const BATCH = 32;
/** Steps of training. */
export const STEPS = 900;

/** An MLP, then a layer of attention, of width 64. */
export const recipeOf = (name: ListModel): LmConfig => ({
  name,
  width: 64,
  depth: 2,
  heads: 4,
  vocab: VOCAB,
  context: CONTEXT,
  budgets: [STEPS * BATCH * CONTEXT],
  batch: BATCH,
  rate: 0.004,
  warmup: 30,
  decay: 0.4,
  beta2: 0.98,
  weightDecay: 0.05,
  clip: 1,
  seed: 1
});

/**
 * The weights before training: the paper's circuit in the form of a two-layer GPT-2. The attention of
 * the first layer and the MLP of the second begin as zero on both sides of their middle, where all of
 * their gradients but those of their last biases are zero too. Nothing else is begun with; positions
 * begin as sinusoids.
 */
export function firstListModel(config: LmConfig): Weights<HostTensor> {
  const entries = firstWeights(config);
  const draw = normals(config.seed + 1000);
  for (const [name, {shape, data}] of entries) {
    if (/^h\.(0\.attn|1\.mlp)\./.test(name)) data.fill(0);
    else if (/^h\.1\.attn\.c_\w+\.weight$/.test(name))
      data.forEach((_, i) => (data[i] = (0.5 / Math.sqrt(shape[0])) * draw()));
  }
  return gpt2Weights({}, modelConfig(config), {entries, tensor: (name) => entries.get(name)!});
}

/**
 * The same model with what its two empty layers learnt, a constant each, in the tables beside them:
 * the positions, and the bias of the attention that is left.
 */
export function withoutEmptyLayers(weights: Weights<HostTensor>): Weights<HostTensor> {
  const [first, second] = weights.blocks;
  const added = (to: HostTensor, {data: bias}: HostTensor): HostTensor => ({
    shape: to.shape,
    data: to.data.map((value, i) => value + bias[i % bias.length])
  });
  const none = <L extends {bias?: HostTensor}>(linear: L): L => ({
    ...linear,
    bias: {shape: linear.bias!.shape, data: new Float32Array(linear.bias!.data.length)}
  });
  return {
    ...weights,
    positions: added(weights.positions!, first.output.bias!),
    blocks: [
      {...first, output: none(first.output)},
      {
        ...second,
        output: {...second.output, bias: added(second.output.bias!, second.down.bias!)},
        down: none(second.down)
      }
    ]
  };
}

/**
 * Trains a model from its first weights.
 *
 * @param onStep Given the loss before each step, in nats per token.
 */
export async function train(
  config: LmConfig,
  facts: Facts,
  steps: number,
  onStep: (trainer: Trainer, loss: number) => void | Promise<void>
): Promise<void> {
  const trainer = new Trainer(await loadJax("wasm"), "wasm", config, firstListModel(config));
  const end = config.budgets[0] / (config.batch * config.context);
  try {
    while (trainer.step < steps) {
      const {step} = trainer;
      const rate = learningRate(config, step, end);
      await onStep(trainer, await trainer.advance(batchAt(step, config, facts), rate));
    }
  } finally {
    trainer.dispose();
  }
}
