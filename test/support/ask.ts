import type {ForwardRequest} from "../../src/model/backend.js";

/** A request for the logits of every position, and what else is given. */
export const ask = (
  tokens: ForwardRequest["tokens"],
  rest: Partial<ForwardRequest> = {}
): ForwardRequest => ({tokens, sites: [], edits: [], logits: "all", top: 0, lens: 0, ...rest});
