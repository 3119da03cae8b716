import {loadModel} from "../../model/checkpoint.js";
import {allowedTokens} from "../../model/search/token-filter.js";
import type {Row} from "../claim.js";
import {type Environment, using} from "../environment.js";
import {kept} from "../kept.js";
import {readHeldOut, statesOf} from "./pairs.js";
import {type Graded, graded} from "./search-truth.js";
import {claimsIn, GRADED, setups, sum} from "./setting.js";

/** Tokens that a graded prompt of two is made of: all pairs of them are tried. */
const FEW = 48;

/** Searches against every prompt there is. */
export async function* searchClaims(environment: Environment): AsyncGenerator<Row, void, void> {
  const {states: count} = setups[environment.size];
  const files = environment.shipped(GRADED);
  const {tokenizer, ...host} = await loadModel(files);
  const states = statesOf(await readHeldOut(files)).filter(({tokens}) => tokens.length === 8);
  const {must, found} = claimsIn(environment, {
    theirs: "GPT-2 to Falcon-40B, where no search can be checked against all prompts",
    ours: `${GRADED}, ${count} states of 8 tokens`
  });
  const grade = kept((k: 1 | 2) =>
    using(environment, host, async (backend) => {
      const model = {...host, tokenizer, backend};
      const printable = allowedTokens(model, {printable: true});
      const every = Math.floor(printable.length / FEW);
      const tokens =
        k === 1 ? printable : printable.filter((_, i) => i % every === 0).slice(0, FEW);
      const gcg = {topK: 12, batch: 16, iterations: 8};
      const found: Graded[] = [];
      for (const [i, state] of states.slice(0, count).entries()) {
        const seed = 1000 * environment.seed + i;
        found.push(await graded(model, state.tokens, {k, tokens, gcg, most: 12, seed}));
      }
      return found;
    })
  );
  const share = async (k: 1 | 2, of: keyof Graded) => {
    const found = await grade(k);
    return sum(found.map((one) => one[of])) / sum(found.map(({reachable}) => reachable));
  };
  const metric = (k: 1 | 2) =>
    `share found of tokens that some prompt of ${k} reaches, ${k === 1 ? "every printable token tried" : `all ${FEW ** 2} pairs of ${FEW} tokens tried`}`;
  yield await found("partly", {
    claim: "Greedy search finds most of the tokens that two tokens can force",
    metric: metric(2),
    op: ">=",
    threshold: 0.8,
    partly: 0.65,
    value: () => share(2, "greedy"),
    control: {name: "random prompts, as many tries", value: () => share(2, "randomAsGreedy")}
  });
  yield await found("holds-here", {
    claim: "So does GCG",
    metric: metric(2),
    op: ">=",
    threshold: 0.68,
    value: () => share(2, "gcg"),
    control: {name: "random prompts, as many tries", value: () => share(2, "randomAsGcg")}
  });
  yield await found("not-here", {
    claim: "GCG finds most of the tokens that one token can force",
    metric: metric(1),
    op: ">=",
    threshold: 0.9,
    value: () => share(1, "gcg"),
    control: {name: "random prompts, as many tries", value: () => share(1, "randomAsGcg")}
  });
  yield await must({
    claim: "No search finds what no prompt of its length reaches",
    metric: "found beyond what all pairs reach",
    op: "<=",
    threshold: 0,
    value: async () =>
      Math.max(
        ...(await grade(2)).map(({reachable, greedy, gcg}) => Math.max(greedy, gcg) - reachable)
      ),
    control: {
      name: "found beyond what random prompts reach",
      value: async () =>
        Math.max(
          ...(await grade(2)).map(
            ({randomAsGcg, greedy, gcg}) => Math.max(greedy, gcg) - randomAsGcg
          )
        )
    }
  });
}
