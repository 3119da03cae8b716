import type {ControlledModel, ControlPair} from "../../model/search/control.js";
import {bestControl} from "../../model/search/best-control.js";
import {checkState} from "../../model/search/control.js";
import {gcgSearch} from "../../model/search/gcg.js";
import {greedySearch} from "../../model/search/greedy.js";
import {Meter} from "../../model/search/meter.js";
import {randomSearch} from "../../model/search/random-search.js";
import type {SearchStep} from "../../model/search/search-step.js";
import {allowedTokens} from "../../model/search/token-filter.js";
import {PromptError} from "../../model/request.js";
import {type Method, randomCandidates, settings} from "./reachability.js";

/** What a reader asks for: a prompt before a state that makes a token the likeliest behind it. */
export interface SearchRequest {
  readonly model: string;
  readonly state: string;
  /** Text of one token. */
  readonly target: string;
  readonly method: Method;
  /** Tokens of the prompt. */
  readonly k: number;
  /** Whether the prompt must do without the target itself. */
  readonly forbidden: boolean;
  readonly seed: number;
}

/** How far a search is. */
export interface SearchSight {
  /** Prompts tried so far. */
  readonly evals: number;
  /** The prompt's tokens; none for the state alone. */
  readonly prompt: readonly string[];
  /** Of the target behind prompt and state. */
  readonly probability: number;
  /** Whether the target is the likeliest token there. */
  readonly reached: boolean;
}

/** The most prompts that a search tries. */
export const mostTries = ({method, k}: Pick<SearchRequest, "method" | "k">, printable: number) =>
  method === "greedy" ? k * printable : randomCandidates(settings);

/**
 * Searches as a page shows it: first the state alone, where the search ends if nothing is needed, then
 * step by step until the target is the likeliest or the budget is spent.
 *
 * @throws {PromptError} if the target is no single token, or the state or the length do not fit the model.
 */
export async function* pageSearch(
  model: ControlledModel,
  {state, target, method, k, forbidden, seed}: Omit<SearchRequest, "model">
): AsyncGenerator<SearchSight, void, void> {
  const pair: ControlPair = {
    state: model.tokenizer.encode(state),
    target: onlyToken(model, target)
  };
  checkState("search", model, pair.state, k);
  const alone = (await bestControl(model, pair, [[]], {meter: new Meter()}))!;
  yield sightOf(model, {...alone, evals: 0});
  if (alone.reached) return;
  const except = forbidden ? [pair.target] : [];
  const options = {k, tokens: allowedTokens(model, {printable: true, except}), seed};
  const steps: AsyncIterable<SearchStep> =
    method === "greedy"
      ? greedySearch(model, pair, options)
      : method === "gcg"
        ? gcgSearch(model, pair, {...options, ...settings.gcg, untilReached: true})
        : randomSearch(model, pair, {...options, candidates: randomCandidates(settings)});
  for await (const step of steps) yield sightOf(model, step);
}

const sightOf = (
  {tokenizer}: ControlledModel,
  {control, loss, reached, evals}: Omit<SearchStep, "step">
): SearchSight => ({
  ...{evals, reached, probability: Math.exp(-loss)},
  prompt: control.map((id) => tokenizer.token(id))
});

function onlyToken({tokenizer}: ControlledModel, target: string): number {
  const ids = tokenizer.encode(target);
  if (ids.length !== 1)
    throw new PromptError(
      `search: target must be one token of this model, got ${JSON.stringify(target)}, which is ${ids.length}: ${ids.map((id) => JSON.stringify(tokenizer.token(id))).join(" ") || "none"}`
    );
  return ids[0];
}
