import {
  controlSearch,
  mostTries,
  type SearchRequest,
  type SearchSight
} from "../worker/control-search.js";
import {type Job, job, type JobStep} from "./job.js";

/** What a reader's search has seen so far, and what was asked for. */
export interface OwnSearch {
  readonly request: SearchRequest;
  readonly sights: readonly SearchSight[];
}

/** About as many tokens of a small model are printable. */
const PRINTABLE = 350;

async function* searched(
  request: SearchRequest,
  signal: AbortSignal
): AsyncGenerator<JobStep<OwnSearch>, void, void> {
  const sights: SearchSight[] = [];
  const total = mostTries(request, PRINTABLE);
  for await (const sight of controlSearch(request, signal)) {
    sights.push(sight);
    const done = sight.reached ? total : Math.min(sight.evals, total);
    yield {done, total, value: {request, sights: [...sights]}};
  }
}

/** A button that searches for a prompt here, and says beforehand how many it may try. */
export const searchJob = (
  request: SearchRequest,
  {invalidation}: {readonly invalidation?: Promise<void>} = {}
): Job<OwnSearch> =>
  job("Search here", (signal) => searched(request, signal), {
    cost: () => Promise.resolve(`up to ${mostTries(request, PRINTABLE)} prompts`),
    invalidation
  });
