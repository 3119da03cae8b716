import {loadModel} from "../model/checkpoint.js";
import {type Claim, isFound, mustHold, type Row, type Verdict} from "./claim.js";
import {type Claims, type Environment, type HostModel, using} from "./environment.js";
import {kept, later} from "./kept.js";
import type {Head} from "./successor-heads/circuit.js";
import {HOUSE, houseClasses, houseListAccuracy} from "./successor-heads/house.js";
import {additionError, productError} from "./successor-heads/identities.js";
import {heldOut, listAccuracy, withoutHead} from "./successor-heads/list-accuracy.js";
import {listClasses, listModel, permutation, withPermutedRows} from "./successor-heads/models.js";
import {residueAccuracy} from "./successor-heads/probe.js";
import {meanScore, rankedHeads, readClasses} from "./successor-heads/scores.js";
import {hits, steer} from "./successor-heads/steering.js";
import {firstListModel, models, recipeOf, train} from "./successor-heads/training.js";
import {transferAccuracy} from "./successor-heads/transfer.js";

export const slug = "successor-heads";

/** How much of everything is asked. */
export interface Setup {
  /** Texts of 32 tokens with lists. */
  readonly texts: number;
  /** Steps of training from the start. */
  readonly steps: number;
}

export const setups: Readonly<Record<"ci" | "live", Setup>> = {
  ci: {texts: 128, steps: 25},
  live: {texts: 1024, steps: 100}
};

/** How many times the difference of two digits is added. */
export const SCALE = 2;

type Source = Pick<Environment, "open" | "shipped" | "seed">;

/**
 * Gould, Ong, Ogden and Conmy, "Successor Heads: Recurring, Interpretable Attention Heads In The Wild"
 * (2023): heads whose weights alone send each member of an ordered class to the next.
 */
export const claims: Claims = (environment) => claimsOn(environment, setups[environment.size]);

/** The claims at another size. */
export async function* claimsOn(
  environment: Source,
  {texts: count, steps}: Setup
): AsyncGenerator<Row, void, void> {
  const {seed} = environment;
  const own = 1000 * seed;
  const [model, plain] = [
    await listModel(environment, "lists-digits"),
    await listModel(environment, "lists-only")
  ];
  const {config} = model;
  const untrained: HostModel = {
    config,
    weights: firstListModel({...recipeOf("lists-digits"), seed: own + 2})
  };
  const all = {layer: 1, heads: Array.from({length: config.heads}, (_, i) => i)};
  const classes = readClasses(model, listClasses);
  const plainClasses = readClasses(plain, listClasses);
  const ranked = rankedHeads(model, classes);
  const [best] = ranked;
  const texts = heldOut(seed, count, models["lists-digits"]);
  const [numbers] = listClasses;
  const permuted = withPermutedRows(model, own + 3);
  const house = kept(async () => {
    const loaded = await loadModel(environment.shipped(HOUSE));
    const of = houseClasses(loaded.tokenizer);
    return {...loaded, of, ranked: rankedHeads(loaded, readClasses(loaded, of))};
  });
  const houseAccuracy = kept(async (without?: Head) => {
    const opened = await house();
    return using(environment, opened, (backend) =>
      houseListAccuracy(backend, opened.tokenizer, opened.of, without)
    );
  });

  const theirs = "GPT-2, Pythia and Llama 2, 31 M to 12 B parameters; text of the web";
  const setting = {
    theirs,
    ours: "an MLP and one layer of attention, 4 heads of width 16, trained on lists"
  };
  const ofText = {theirs, ours: `${HOUSE}, six layers of six heads`};
  const must = (claim: Claim) => mustHold(slug, seed, {setting, ...claim});
  const found = (expect: Verdict, claim: Claim) => isFound(slug, seed, {setting, ...claim}, expect);

  const accuracyWith = kept(async (removed: readonly number[]) =>
    using(environment, model, (backend) => listAccuracy(backend, texts, removed.map(withoutHead)))
  );
  const cost = async (head: number) => (await accuracyWith([])) - (await accuracyWith([head]));
  const houseCost = async (head: Head) => (await houseAccuracy()) - (await houseAccuracy(head));
  const residues = (of: HostModel, modulus: number) =>
    residueAccuracy({data: readClasses(of, [numbers])[0].x, width: of.config.width}, modulus);
  const steered = (heads: readonly number[], random?: number) =>
    hits(steer(model, numbers, {layer: 1, heads, scale: SCALE, ...(random && {random})}));
  const fall = async (rate: number) => {
    const losses: number[] = [];
    await train({...recipeOf("lists-digits"), batch: 8, rate}, "digits", steps, (_, nats) => {
      losses.push(nats);
    });
    return losses[0] - losses.slice(-5).reduce((sum, nats) => sum + nats, 0) / 5;
  };

  yield must({
    claim: "The product of weights is what a head writes when it looks at one token",
    metric: "largest difference over the largest value, 156 tokens, 4 heads",
    reported: "exact (an identity)",
    op: "<=",
    threshold: 1e-4,
    value: () => using(environment, model, (on) => productError(model, on, allIds(), "E+MLP0")),
    control: {
      name: "the product without the first MLP",
      value: () => using(environment, model, (on) => productError(model, on, allIds(), "E"))
    }
  });
  yield must({
    claim: "With the last norm held, the effects of removing heads one by one add up",
    metric: "largest difference of a logit over the largest effect, 16 texts",
    reported: "exact (an identity)",
    op: "<=",
    threshold: 1e-4,
    value: () =>
      using(environment, model, (on) => additionError(model, on, texts.slice(0, 16), true)),
    control: {
      name: "the last norm as it falls",
      value: () =>
        using(environment, model, (on) => additionError(model, on, texts.slice(0, 16), false))
    }
  });
  yield found("holds-here", {
    claim: "A model of one MLP and one layer of attention continues lists",
    metric: `share of successors that are the likeliest of all tokens, ${count} texts`,
    op: ">=",
    threshold: 0.9,
    value: () => accuracyWith([]),
    control: {
      name: "before training",
      value: () => using(environment, untrained, (on) => listAccuracy(on, texts))
    }
  });
  yield found("partly", {
    claim: "By its weights alone, one head sends each member of a class to the next",
    metric: "share of members above whose successor no other stands, mean of 8 classes, best head",
    reported: "successor heads in all models it looks at",
    op: ">=",
    threshold: 0.55,
    partly: 0.25,
    beside: [
      ...ranked.slice(1).map(({head, score}) => ({name: `head ${head}`, value: score})),
      {
        name: "best head of a model told no digits",
        value: rankedHeads(plain, plainClasses)[0].score
      }
    ],
    value: later(() => best.score),
    control: {
      name: "best head before training",
      value: later(() => rankedHeads(untrained, readClasses(untrained, listClasses))[0].score)
    }
  });
  yield found("holds-here", {
    claim: "The heads together do, and not because of the unembedding",
    metric: "the same share, all heads",
    op: ">=",
    threshold: 0.5,
    beside: [{name: "a model told no digits", value: meanScore(plain, all, plainClasses)}],
    value: later(() => meanScore(model, all, classes)),
    control: {
      name: "rows of the embedding in another order",
      value: later(() => meanScore(permuted, all, readClasses(permuted, listClasses)))
    }
  });
  yield found("holds-here", {
    claim: "Lists need the best head",
    metric: "fall of the share of right successors when it is removed",
    op: ">=",
    threshold: 0.42,
    value: () => cost(best.head),
    control: {name: "the head of the lowest score", value: () => cost(ranked.at(-1)!.head)}
  });
  yield found("holds-here", {
    claim:
      "Where the model is told digits, the last one can be read off what the MLP makes of a number",
    metric: "share of numbers whose last digit the centroids of other tens tell; chance is 0.1",
    reported: "a linear probe's directions have mean cosine 0.708 with the features'",
    op: ">=",
    threshold: 0.5,
    value: later(() => residues(model, 10)),
    control: {name: "a model that is told no digits", value: later(() => residues(plain, 10))}
  });
  yield found("holds-here", {
    claim: "It is the last digit, and no other residue",
    metric: "largest share of numbers whose residue modulo 7, 9, 11 or 13 is told so",
    op: "<=",
    threshold: 0.2,
    value: later(() => Math.max(...[7, 9, 11, 13].map((modulus) => residues(model, modulus)))),
    control: {name: "modulo 10", value: later(() => residues(model, 10))}
  });
  yield found("not-here", {
    claim: "The same centroids tell the ranks of members of other classes, modulo 10",
    metric: "share of 96 members; chance is 0.1",
    reported: "94 of 102 tokens",
    op: ">=",
    threshold: 0.5,
    value: later(() => transferAccuracy(model, listClasses)),
    control: {
      name: "digits in another order",
      value: later(() => transferAccuracy(model, listClasses, permutation(10, own + 4)))
    }
  });
  yield found("holds-here", {
    claim: "Adding the difference of two digits moves what the heads together call for",
    metric: `share of numbers and digits that give the number meant, at scale ${SCALE}`,
    reported: "89 % of numbers 20 to 29; 53 % of months; none of days and letters",
    op: ">=",
    threshold: 0.2,
    value: later(() => steered(all.heads)),
    control: {
      name: "random directions of the same length",
      value: later(() => steered(all.heads, own + 5))
    }
  });
  yield found("not-here", {
    claim: "It moves what the best head alone calls for",
    metric: "the same share, one head",
    reported: "89 % of numbers 20 to 29, of one head",
    op: ">=",
    threshold: 0.2,
    value: later(() => steered([best.head])),
    control: {
      name: "random directions of the same length",
      value: later(() => steered([best.head], own + 5))
    }
  });
  yield found("not-here", {
    claim: "A model of text has such a head",
    setting: ofText,
    metric: "share of members above whose successor no other stands, mean of classes, best head",
    reported: "in all models it looks at",
    op: ">=",
    threshold: 0.55,
    value: async () => (await house()).ranked[0].score,
    control: {
      name: "rows of the embedding in another order",
      value: async () => {
        const opened = await house();
        const other = withPermutedRows(opened, own + 3);
        return rankedHeads(other, readClasses(other, opened.of))[0].score;
      }
    }
  });
  yield found("not-here", {
    claim: "Its lists need that head",
    setting: ofText,
    metric: "fall of the share of right successors when it is removed",
    op: ">=",
    threshold: 0.08,
    value: async () => houseCost((await house()).ranked[0]),
    control: {
      name: "the head of the lowest score",
      value: async () => houseCost((await house()).ranked.at(-1)!)
    }
  });
  yield must({
    claim: "The small models can be trained again here",
    setting: {theirs: "no training", ours: `lists-digits from its first weights, ${steps} steps`},
    metric: "fall of the loss, nats per token",
    op: ">=",
    threshold: 0.4,
    value: () => fall(recipeOf("lists-digits").rate),
    control: {name: "steps of length 0", value: () => fall(0)}
  });
}

const allIds = (): number[] => listClasses.flatMap(({ids}) => ids);
