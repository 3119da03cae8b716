import type {Claims} from "./environment.js";
import {boundClaims} from "./magic-words/bound-claims.js";
import {searchClaims} from "./magic-words/search-claims.js";
import {storedClaims} from "./magic-words/stored-claims.js";

export {slug} from "./magic-words/setting.js";

/**
 * Bhargava, Witkowski, Looi and Thomson, "What's the Magic Word? A Control Theory of LLM Prompting" (2023):
 * which tokens a prompt before a text can make the likeliest behind it.
 */
export const claims: Claims = async function* (environment) {
  yield* searchClaims(environment);
  yield* boundClaims(environment);
  yield* storedClaims(environment);
};
