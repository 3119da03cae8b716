import {type Claim, isFound, mustHold, type Row, type Verdict} from "./claim.js";
import type {Claims, Environment} from "./environment.js";
import {continuations, unlikeCached} from "./set-based-prompting/continuations.js";
import {openModels, READER, type Source} from "./set-based-prompting/models.js";
import {answerOf, drawQuestion, promptOf} from "./set-based-prompting/questions.js";
import {drawText} from "./set-based-prompting/texts.js";
import {type Choice, recipeOf, train} from "./set-based-prompting/training.js";
import {
  accuracy,
  type Asked,
  flipped,
  inAllOrders,
  largestChange,
  type WayName
} from "./set-based-prompting/trial.js";
import {kept} from "./kept.js";

export const slug = "set-based-prompting";

/** How much of everything is asked. */
export interface Setup {
  /** Questions of four options, each in all 24 orders, put to each small model. */
  readonly questions: number;
  /** Prompts of four sentences, each in all 24 orders. */
  readonly texts: number;
  /** How many of those are continued. */
  readonly continued: number;
  /** Steps of training from the start. */
  readonly steps: number;
}

export const setups: Readonly<Record<"ci" | "live", Setup>> = {
  ci: {questions: 48, texts: 12, continued: 3, steps: 30},
  live: {questions: 200, texts: 48, continued: 12, steps: 60}
};

/** Tokens of a continuation. */
const TOKENS = 16;
/** The small models' checkpoints that are asked, the last one trained. */
const STEPS = [70, 100, 200] as const;
const [, MIDDLE, LATE] = STEPS;

/**
 * McIlroy-Young, Brown, Olson, Zhang and Dwork, "Order-Independence Without Fine Tuning" (2024), first
 * called "Set-Based Prompting": options that share positions and do not see each other are a set.
 */
export const claims: Claims = (environment) => claimsOn(environment, setups[environment.size]);

/** The claims at another size. */
export async function* claimsOn(
  environment: Source & Pick<Environment, "seed">,
  {questions, texts, continued, steps}: Setup
): AsyncGenerator<Row, void, void> {
  const {seed} = environment;
  const asked = Array.from({length: questions}, (_, i): Asked => {
    const question = drawQuestion(1000 * seed + 17, i, 4);
    return {prompt: promptOf(question), answer: answerOf(question)};
  });
  const models = openModels(environment);
  const reader = await models.reader();
  const textsAsked = Array.from({length: texts}, (_, i) =>
    drawText(1000 * seed + i, reader.tokenizer)
  );
  const outcomes = kept(async (name: Choice, step: number, way: WayName) =>
    inAllOrders(await models.choice(name, step), asked, way)
  );
  const read = kept(async (way: WayName) => inAllOrders(reader.backend, textsAsked, way));

  const theirs = "GPT-2, Llama 2 and 3; multiple-choice questions";
  const setting = {
    theirs,
    ours: `two small models of keys and values, ${questions} questions of 4 options in 24 orders`
  };
  const ofText = {theirs, ours: `${READER}, ${texts} prompts of 4 sentences in 24 orders`};
  const must = (claim: Claim) => mustHold(slug, seed, {setting, ...claim});
  const found = (expect: Verdict, claim: Claim) => isFound(slug, seed, {setting, ...claim}, expect);

  const change = async (name: Choice, step: number, way: WayName) =>
    largestChange(await outcomes(name, step, way));
  const largest = async (way: WayName) => {
    let most = 0;
    for (const name of ["choice-any", "choice-four"] as const)
      for (const step of STEPS) most = Math.max(most, await change(name, step, way));
    return most;
  };
  const shares = async (name: Choice, step: number, way: WayName) =>
    accuracy(await outcomes(name, step, way));
  const lost = async (name: Choice, step: number, way: WayName) =>
    (await shares(name, step, "plain")).mean - (await shares(name, step, way)).mean;
  const outside = async (name: Choice, way: WayName) => {
    let most = -Infinity;
    for (const step of STEPS) {
      const {worst, best} = await shares(name, step, "plain");
      const {mean} = await shares(name, step, way);
      most = Math.max(most, worst - mean, mean - best);
    }
    return most;
  };
  const written = async (asSet: boolean) => {
    let most = 0;
    for (const {prompt} of textsAsked.slice(0, continued)) {
      const all = await continuations(reader.backend, prompt, {count: TOKENS, asSet});
      most = Math.max(most, new Set(all).size);
    }
    return most;
  };
  const unlike = async (asSet: boolean) => {
    let count = 0;
    for (const {prompt} of textsAsked.slice(0, continued))
      count += await unlikeCached(reader.backend, prompt, {count: TOKENS, asSet});
    return count;
  };
  const fall = async (rate: number) => {
    const losses: number[] = [];
    const recipe = {...recipeOf("choice-any"), rate};
    await train(recipe, steps, (_, nats) => void losses.push(nats));
    return losses[0] - losses.slice(-5).reduce((sum, nats) => sum + nats, 0) / 5;
  };

  try {
    yield must({
      claim: "As a set, options give the same logits in every order",
      metric: `largest change of a logit over 24 orders, two models after ${STEPS.join(", ")} steps`,
      reported: "no change (its theorem)",
      op: "<=",
      threshold: 1e-4,
      value: () => largest("set"),
      control: {name: "an ordinary prompt", value: () => largest("plain")}
    });
    yield must({
      claim: "So they do in a model of text",
      setting: ofText,
      metric: "largest change of a logit over 24 orders",
      reported: "no change (its theorem)",
      op: "<=",
      threshold: 1e-4,
      value: async () => largestChange(await read("set")),
      control: {
        name: "an ordinary prompt",
        value: async () => largestChange(await read("plain"))
      }
    });
    yield must({
      claim: "What the model of text writes next is the same in every order",
      setting: ofText,
      metric: `most different greedy continuations of a prompt, ${TOKENS} tokens long`,
      op: "<=",
      threshold: 1,
      value: () => written(true),
      control: {name: "an ordinary prompt", value: () => written(false)}
    });
    yield must({
      claim: "Sorted first, a set leaves nothing to rounding",
      metric: `largest change of a logit over 24 orders, after ${LATE} steps`,
      op: "<=",
      threshold: 0,
      value: () => change("choice-any", LATE, "sortedSet"),
      control: {name: "a set that is not sorted", value: () => change("choice-any", LATE, "set")}
    });
    yield must({
      claim: "Writing on with a key-value cache agrees with passes over the whole text",
      setting: ofText,
      metric: "tokens written that a pass over the whole text finds not the likeliest",
      op: "<=",
      threshold: 0,
      value: () => unlike(true),
      control: {name: "a pass that reads an ordinary prompt", value: () => unlike(false)}
    });
    yield must({
      claim: "An ordinary prompt depends on the order of its options",
      metric: `largest change of a logit over 24 orders, choice-four after ${MIDDLE} steps`,
      op: ">=",
      threshold: 0.5,
      value: () => change("choice-four", MIDDLE, "plain"),
      control: {name: "a set", value: () => change("choice-four", MIDDLE, "set")}
    });
    yield found("holds-here", {
      claim: "So does its answer, while the model still learns",
      metric: `share of questions with more than one answer, choice-four after ${MIDDLE} steps`,
      reported: "the best order is far above the worst (its figures)",
      op: ">=",
      threshold: 0.1,
      value: async () => flipped(await outcomes("choice-four", MIDDLE, "plain")),
      control: {
        name: "a set",
        value: async () => flipped(await outcomes("choice-four", MIDDLE, "set"))
      }
    });
    for (const [claim, way] of [
      ["Hiding options from each other is not enough: their positions tell the order", "mask"],
      ["Sharing positions is not enough: later options see the earlier ones", "positions"]
    ] as const)
      yield must({
        claim,
        metric: `largest change of a logit over 24 orders, choice-any after ${LATE} steps`,
        op: ">=",
        threshold: 0.05,
        value: () => change("choice-any", LATE, way),
        control: {name: "both", value: () => change("choice-any", LATE, "set")}
      });
    yield found("holds-here", {
      claim: "A set costs little where the model has met questions of any length",
      metric: `accuracy below the mean of all orders, choice-any after ${LATE} steps`,
      reported: "little in weak models: GPT-2 .257 to .253 (read off its figure)",
      op: "<=",
      threshold: 0.05,
      value: () => lost("choice-any", LATE, "set"),
      control: {
        name: "positions shared, nothing hidden",
        value: () => lost("choice-any", LATE, "positions")
      }
    });
    for (const [claim, name, expect] of [
      [
        "Where training had questions of any length, a set is answered between the worst order and the best",
        "choice-any",
        "holds-here"
      ],
      [
        "Where all questions in training had four options, a set is answered between the worst order and the best",
        "choice-four",
        "not-here"
      ]
    ] as const)
      yield found(expect, {
        claim,
        metric: `furthest that accuracy lies outside, ${name} after ${STEPS.join(", ")} steps`,
        reported: "between them; Llama 3 8B nearer the worst, .369 to .292 (read off its figure)",
        op: "<=",
        threshold: 0.02,
        value: () => outside(name, "set"),
        control: {
          name: "positions shared, nothing hidden",
          value: () => outside(name, "positions")
        }
      });
    yield must({
      claim: "The small models can be trained again here",
      setting: {theirs: "no training", ours: `choice-any from its first weights, ${steps} steps`},
      metric: "fall of the loss, nats per token",
      op: ">=",
      threshold: 0.5,
      value: () => fall(recipeOf("choice-any").rate),
      control: {name: "steps of length 0", value: () => fall(0)}
    });
  } finally {
    models.dispose();
  }
}
