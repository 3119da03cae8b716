import {type Claim, isFound, mustHold, type Row, type Verdict} from "../claim.js";
import type {Environment} from "../environment.js";

export const slug = "magic-words";

/** The model on which searches are graded. */
export const GRADED = "ladder-25k";

export interface Setup {
  /** States of 8 tokens behind which searches are graded. */
  readonly states: number;
  /** Models whose heads are bounded. */
  readonly heads: readonly string[];
  /** Random controls that try the bounds, of all heads together. */
  readonly controls: number;
}

const ladder = ["ladder-25k", "ladder-55k", "ladder-150k", "ladder-330k"] as const;
export const setups: Readonly<Record<Environment["size"], Setup>> = {
  ci: {states: 12, heads: ladder, controls: 100_000},
  live: {
    states: 30,
    heads: [...ladder, "ladder-790k", "ladder-1500k", "ladder-2700k"],
    controls: 100_000
  }
};

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Ways to measure claims that are made in one setting. */
export const claimsIn = ({seed}: Pick<Environment, "seed">, setting: Claim["setting"]) => ({
  must: (claim: Claim): Promise<Row> => mustHold(slug, seed, {setting, ...claim}),
  found: (expect: Verdict, claim: Claim): Promise<Row> =>
    isFound(slug, seed, {setting, ...claim}, expect)
});
