import type {Row} from "../claim.js";
import type {Environment} from "../environment.js";
import {kept} from "../kept.js";
import {type BoundTrial, boundTrial} from "./bounds.js";
import {type HeadCase, randomHeads} from "./random-heads.js";
import {claimsIn, setups, sum} from "./setting.js";
import {trainedHeads} from "./trained-heads.js";

/** Random heads. */
const HEADS = 50;

/** How far a control can move a head, derived and tried. */
export async function* boundClaims(environment: Environment): AsyncGenerator<Row, void, void> {
  const {heads: models, controls} = setups[environment.size];
  const {seed} = environment;
  const trials = kept(async (kind: "random" | "trained"): Promise<BoundTrial[]> => {
    const found: HeadCase[] = [];
    if (kind === "random") found.push(...randomHeads(HEADS, 1000 * seed));
    else for (const model of models) found.push(...(await trainedHeads(environment, model)));
    const each = Math.ceil(controls / 2 / found.length);
    return found.map((one, i) => boundTrial(one, each, 1000 * seed + 7 * i));
  });
  const total = async (of: "violations" | "shrunk" | "ofQuery") =>
    sum([...(await trials("random")), ...(await trials("trained"))].map((one) => one[of]));
  const mean = async (kind: "random" | "trained", of: (one: BoundTrial) => number) => {
    const found = await trials(kind);
    return sum(found.map(of)) / found.length;
  };
  const trained = (await trials("trained")).length;
  const {must, found} = claimsIn(environment, {
    theirs: "proved for one head; shown for a head of Llama 3 8B",
    ours: `${HEADS} random heads and the ${trained} of ${models.length} models, ${controls} random controls`
  });
  yield await must({
    claim: "No control moves a head out of its bound",
    metric: `violations in ${controls} controls`,
    op: "<=",
    threshold: 0,
    reported: "none (its theorem)",
    value: () => total("violations"),
    control: {name: "a bound that is 5 % smaller", value: () => total("shrunk")}
  });
  yield await found("holds-here", {
    claim: "The bound says something of random heads",
    metric: "share excluded of outputs three times as long as the head’s own",
    op: ">=",
    threshold: 0.2,
    value: () => mean("random", ({excluded}) => excluded),
    control: {
      name: "controls ten times as long",
      value: () => mean("random", ({excludedLong}) => excludedLong)
    }
  });
  yield await found("not-here", {
    claim: "It says something of trained heads",
    metric: "share of trained heads whose bound is not vacuous",
    op: ">=",
    threshold: 0.2,
    reported: "β = 0.783 for one head, by its notebook; with σ of the key in α it would be 0.99999",
    value: () => mean("trained", ({vacuous}) => Number(!vacuous)),
    beside: [{name: "random heads", value: await mean("random", ({vacuous}) => Number(!vacuous))}],
    control: {
      name: "share of outputs excluded for controls ten times as long",
      value: () => mean("trained", ({excludedLong}) => excludedLong)
    }
  });
  yield await must({
    claim: "With the query’s largest singular value for the value’s, the bound is wrong",
    metric: "violations of the form in the paper’s text",
    op: ">=",
    threshold: 1,
    value: () => total("ofQuery"),
    control: {name: "the form with the value’s", value: () => total("violations")}
  });
}
