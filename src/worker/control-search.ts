import type {SearchRequest, SearchSight} from "../papers/magic-words/page-search.js";
import {answersOf} from "./answers.js";

export {mostTries} from "../papers/magic-words/page-search.js";
export type {SearchRequest, SearchSight} from "../papers/magic-words/page-search.js";

/**
 * Searches for a prompt in a Worker of its own, step by step.
 *
 * @param signal Ends the Worker and the search at once; the steps that it gave before are good.
 */
export const controlSearch = (
  request: SearchRequest,
  signal?: AbortSignal
): AsyncGenerator<SearchSight, void, void> =>
  answersOf(
    new Worker(import.meta.resolve("./control-search-worker.js"), {type: "module"}),
    request,
    signal
  );
