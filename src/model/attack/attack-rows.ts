import type {JobOptions} from "../job.js";
import {draws} from "../search/draws.js";
import type {AttackedModel, AttackOutcome, AttackTask} from "./attack.js";
import {
  type ActivationAttack,
  attackActivations,
  type AttackActivationsOptions,
  perturbedOutcome
} from "./attack-activations.js";
import {attackTokens} from "./attack-tokens.js";
import {type Perturbation, randomDirections, rounded} from "./perturbation.js";

/** Of one number as it is computed: no rounding. */
export const FULL_BITS = 32;
/** The layer of an attack on the tokens themselves. */
export const TOKENS = -1;

/** One repetition of an attack. */
export interface AttackRow {
  /** The block whose input is controlled; −1 where it is the tokens themselves. */
  readonly layer: number;
  /** Controlled positions: the first of the context. */
  readonly a: number;
  /** Tokens to force. */
  readonly t: number;
  /** Controlled numbers of each position; 1 of a token. */
  readonly dims: number;
  /** Of each number, to which it is rounded; of a token, those that tell it among all. */
  readonly bits: number;
  readonly rep: number;
  /** Steps of Adam that were made, 0 for vectors of random direction; of tokens, positions searched. */
  readonly step: number;
  /** Mean −log p of the targets, in nats. */
  readonly loss: number;
  /** The share of targets that are the likeliest. */
  readonly success: number;
}

/** What moves vectors and tries them. */
export interface Attacker {
  attack(task: AttackTask, options: AttackActivationsOptions): Promise<ActivationAttack>;
  /** What given vectors before a block do. */
  outcome(task: AttackTask, perturbation: Perturbation, layer: number): Promise<AttackOutcome>;
}

/** A model attacked by its own backend. */
export const attackerOf = (model: AttackedModel): Attacker => ({
  attack: (task, options) => attackActivations(model, task, options),
  outcome: (task, perturbation, layer) => perturbedOutcome(model, task, perturbation, layer)
});

/** What is attacked with how much. */
export interface AttackSize {
  /** Token ids, one for each repetition, all of one length, the begin token included where wanted. */
  readonly contexts: readonly (readonly number[])[];
  readonly a: number;
  readonly t: number;
  /** The ids among which those to force are drawn, each as likely as another. */
  readonly tokens: readonly number[];
  readonly seed?: number;
}

export interface AttackRowsOptions
  extends AttackSize, Omit<AttackActivationsOptions, "onStep" | "onProgress"> {
  /** To which the vectors that were found are rounded, one after the other, beside what they are unrounded. */
  readonly bits: readonly number[];
}

/**
 * Attacks so many activations of each context to force so many tokens, a row for each repetition as
 * found, one with vectors of random direction and equal norm (step 0), and one for each rounding.
 *
 * @throws {PromptError} if the task or the options do not fit the model.
 */
export async function attackRows(
  model: AttackedModel,
  {contexts, a, t, tokens, bits, ...options}: AttackRowsOptions,
  attacker = attackerOf(model)
): Promise<AttackRow[]> {
  const {layer = 0, dims = model.config.width, seed = 0} = options;
  const task = taskOf({contexts, a, t, tokens, seed});
  const found = await attacker.attack(task, options);
  const {perturbation, steps} = found;
  const rows = (outcome: AttackOutcome, bits: number, step: number) =>
    rowsOf(outcome, {layer, a, t, dims, bits, step});
  const random = randomDirections(perturbation, seed);
  const all = [
    ...rows(found, FULL_BITS, steps),
    ...rows(await attacker.outcome(task, random, layer), FULL_BITS, 0)
  ];
  for (const one of bits)
    all.push(...rows(await attacker.outcome(task, rounded(perturbation, one), layer), one, steps));
  return all;
}

/** The same with tokens in the place of activations, each chosen from the whole vocabulary but the begin token. */
export async function tokenAttackRows(
  model: AttackedModel,
  {contexts, a, t, tokens, seed = 0, ...job}: AttackSize & JobOptions
): Promise<AttackRow[]> {
  const {vocab} = model.config;
  const choices = Uint32Array.from({length: vocab - 1}, (_, id) => id + 1);
  const found = await attackTokens(model, taskOf({contexts, a, t, tokens, seed}), {
    tokens: choices,
    ...job
  });
  const bits = Math.ceil(Math.log2(vocab));
  return rowsOf(found, {layer: TOKENS, a, t, dims: 1, bits, step: a});
}

const rowsOf = (
  {success, loss}: AttackOutcome,
  {layer, a, t, dims, bits, step}: Omit<AttackRow, "rep" | "loss" | "success">
): AttackRow[] =>
  success.map((share, rep) => ({
    ...{layer, a, t, dims, bits, rep, step},
    ...{loss: loss[rep], success: share}
  }));

const taskOf = ({contexts, a, t, tokens, seed}: Required<AttackSize>): AttackTask => ({
  contexts,
  targets: contexts.map((_, rep) => {
    const draw = draws(seed, rep + 1);
    return Array.from({length: t}, () => tokens[draw(tokens.length)]);
  }),
  positions: Array.from({length: a}, (_, i) => i)
});
