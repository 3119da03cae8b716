import {loadModel} from "../../model/checkpoint.js";
import type {Row, Skipped} from "../claim.js";
import {type Environment, using} from "../environment.js";
import {later} from "../kept.js";
import {type Pair, reachedShare, type Searcher} from "./curves.js";
import {readHeldOut, statesOf} from "./pairs.js";
import {methods, settings} from "./reachability.js";
import {claimsIn, GRADED, slug} from "./setting.js";
import {spotCheck} from "./spot-check.js";
import {storedModels, storedRun, type StoredRun} from "./stored-rows.js";

const LONGEST = Math.max(...settings.lengths);

/** What the stored rows say; only the command line has them. */
export async function* storedClaims(
  environment: Environment
): AsyncGenerator<Row | Skipped, void, void> {
  const runs = new Map<string, StoredRun>();
  for (const name of storedModels) {
    const run = await storedRun(environment, name);
    if (!run)
      return yield {
        ...{paper: slug, claim: "What the stored rows say"},
        skipped: `data/tables/reachability/${name}.jsonl is read by the command line only`
      };
    runs.set(name, run);
  }
  const all = [...runs.values()].flatMap(({pairs}) => pairs);
  const of = (kind: string, pairs: readonly Pair[]) =>
    pairs.filter((pair) => pair.target_kind === kind);
  const {must, found} = claimsIn(environment, {
    theirs: "5,000 states of Wikitext, 8 to 32 tokens; GPT-2, Falcon and Llama",
    ours: `${storedModels.join(", ")}; ${all.length / 3} states of 8 to 21 tokens`
  });
  const files = environment.shipped(GRADED);
  const {tokenizer, ...host} = await loadModel(files);
  const states = statesOf(await readHeldOut(files));
  const check = (exchanged: boolean) =>
    using(environment, host, (backend) =>
      spotCheck({...host, tokenizer, backend}, states, runs.get(GRADED)!.rows, {
        ...{count: 60, seed: 1000 * environment.seed, exchanged}
      })
    );
  yield await must({
    claim: "Stored prompts do here what their rows say",
    metric: "largest difference of a loss, 60 rows run again, nats",
    op: "<=",
    threshold: 1e-3,
    value: () => check(false),
    control: {name: "prompts before other states", value: () => check(true)}
  });
  const rise = (cumulative: boolean) => {
    let most = -Infinity;
    for (const {pairs} of runs.values())
      for (const method of methods) {
        const left = settings.lengths.map((k) =>
          cumulative
            ? 1 - reachedShare(pairs, method, k)
            : 1 - pairs.filter((pair) => pair.shortest[method] === k).length / pairs.length
        );
        for (let i = 1; i < left.length; i++) most = Math.max(most, left[i] - left[i - 1]);
      }
    return most;
  };
  yield await must({
    claim: "ε never rises with k",
    metric: "largest rise of ε from one length to the next, every model and method",
    op: "<=",
    threshold: 0,
    value: later(() => rise(true)),
    control: {
      name: "of pairs whose shortest prompt has just that length",
      value: later(() => rise(false))
    }
  });
  const rate = (kind: string, by: Searcher, k = LONGEST, pairs: readonly Pair[] = all) =>
    reachedShare(of(kind, pairs), by, k);
  const besideOf = (kind: string) =>
    [...runs].map(([name, {pairs}]) => ({
      name: `${name} alone`,
      value: rate(kind, "either", LONGEST, pairs)
    }));
  yield await found("not-here", {
    claim: "Ten tokens make a model say what the text says next",
    metric: `share of true next tokens reached by at most ${LONGEST} tokens`,
    reported: "97 % (Falcon-7B); 99.7 % in the authors’ rows of GPT-2",
    op: ">=",
    threshold: 0.85,
    value: later(() => rate("true-next", "either")),
    beside: besideOf("true-next"),
    control: {name: "random prompts", value: later(() => rate("true-next", "random"))}
  });
  yield await found("not-here", {
    claim: "Or one of the 75 tokens it finds likeliest",
    metric: `share of such tokens reached by at most ${LONGEST} tokens`,
    reported: "85 % (Llama-7B) to 89 % (Falcon-7B)",
    op: ">=",
    threshold: 0.6,
    value: later(() => rate("top-75", "either")),
    beside: besideOf("top-75"),
    control: {name: "random prompts", value: later(() => rate("top-75", "random"))}
  });
  yield await found("holds-here", {
    claim: "A token of any rank is harder",
    metric: "share of top-75 tokens reached, less that of uniformly drawn ones",
    reported: "89 % against 46 % (Falcon-7B)",
    op: ">=",
    threshold: 0.15,
    value: later(() => rate("top-75", "either") - rate("uniform-rank", "either")),
    control: {
      name: "the same before any prompt",
      value: later(() => rate("top-75", "either", 0) - rate("uniform-rank", "either", 0))
    }
  });
  yield await found("holds-here", {
    claim: "Searching finds more than trying",
    metric: "share of top-75 tokens that searches reach, less that of as many random prompts",
    op: ">=",
    threshold: 0.15,
    value: later(() => rate("top-75", "either") - rate("top-75", "random")),
    control: {
      name: "the same with one token",
      value: later(() => rate("top-75", "either", 1) - rate("top-75", "random", 1))
    }
  });
}
