import type {Backend} from "../backend.js";
import type {ModelConfig} from "../config.js";
import {PromptError} from "../request.js";
import type {Tokenizer} from "../tokenizer.js";

/** What a search over prompts needs of a model. */
export interface ControlledModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly backend: Backend;
}

/** A state that is imposed on a model, and the token that is wanted behind it. */
export interface ControlPair {
  /** Token ids, the begin token left out: it goes before the control. */
  readonly state: readonly number[];
  readonly target: number;
}

/** A state, and tokens each of which is wanted behind it. */
export interface ControlTargets extends Pick<ControlPair, "state"> {
  readonly targets: readonly number[];
}

/** What the model reads: its begin token if it has one, the control, the state. */
export const controlled = (
  {tokenizer: {begin}}: ControlledModel,
  control: readonly number[],
  state: readonly number[]
): number[] => [...(begin === undefined ? [] : [begin]), ...control, ...state];

/**
 * Checks a state, and how many tokens are to be put before it, before any work is done on them.
 *
 * @throws {PromptError} if the state is empty, there is no room for the control, or `k` is no count.
 */
export function checkState(
  where: string,
  model: ControlledModel,
  state: readonly number[],
  k: number
): void {
  if (!Number.isInteger(k) || k < 1)
    throw new PromptError(
      `${where}: k must be a whole number of at least 1, so that there is a control, got ${k}`
    );
  if (state.length === 0)
    throw new PromptError(
      `${where}: state must be at least one token, so that something follows it, got none`
    );
  const {context} = model.config;
  const length = controlled(model, [], state).length + k;
  if (length > context)
    throw new PromptError(
      `${where}: state must leave room for ${k} tokens of control in the ${context} of this model's context, got ${length} in all`
    );
  for (const id of state) checkId(where, "state", id, model);
}

/** @throws {PromptError} if the target is no token of the model. */
export const checkTarget = (where: string, model: ControlledModel, target: number): void =>
  checkId(where, "target", target, model);

/** @throws {PromptError} if there is nothing to choose from, or a choice is no token of the model. */
export function checkChoices(
  where: string,
  model: ControlledModel,
  tokens: ArrayLike<number>
): void {
  if (tokens.length === 0)
    throw new PromptError(
      `${where}: tokens must hold at least one id to make a control of, got none`
    );
  for (const id of Array.from(tokens)) checkId(where, "tokens", id, model);
}

function checkId(
  where: string,
  name: string,
  id: number,
  {config: {vocab}}: ControlledModel
): void {
  if (!Number.isInteger(id) || id < 0 || id >= vocab)
    throw new PromptError(
      `${where}: ${name} must be of ids in 0 … ${vocab - 1}, the vocabulary of this model, got ${id}`
    );
}
