import {animals, men, places, women} from "../words.js";
import type {Family} from "./example.js";
import {fill} from "./example.js";
import {hash} from "../random.js";

/** Two phrasings each of which implies the other, and one that neither implies. */
const relations: readonly (readonly [string, string, string])[] = [
  ["{a} is taller than {b}.", "{b} is shorter than {a}.", "{b} is taller than {a}."],
  ["{a} is older than {b}.", "{b} is younger than {a}.", "{b} is older than {a}."],
  ["{a} sold the {x} to {b}.", "{b} bought the {x} from {a}.", "{b} sold the {x} to {a}."],
  ["{a} gave the {x} to {b}.", "{b} got the {x} from {a}.", "{b} gave the {x} to {a}."],
  ["{a} is in front of {b}.", "{b} is behind {a}.", "{b} is in front of {a}."],
  ["{a} came before {b}.", "{b} came after {a}.", "{b} came before {a}."],
  ["{a} taught {b}.", "{b} learned from {a}.", "{b} taught {a}."],
  ["{a} is the wife of {b}.", "{b} is the husband of {a}.", "{b} is the wife of {a}."],
  ["{a} lost to {b} at the {p}.", "{b} beat {a} at the {p}.", "{a} beat {b} at the {p}."],
  ["{a} is north of {b}.", "{b} is south of {a}.", "{b} is north of {a}."]
];

/** Premise, hypothesis, yes or no; one name pair in eight is kept for evaluation. */
export const entailment: Family = (random, split) => {
  for (;;) {
    const a = random.pick(women);
    const b = random.pick(men);
    if ((hash(`${a} ${b}`) % 8 === 0) !== (split === "heldout")) continue;
    const relation = random.int(relations.length);
    const [one, two, other] = relations[relation];
    const slots = {a, b, x: random.pick(animals), p: random.pick(places)};
    const entails = random.chance(0.5);
    const [premise, hypothesis] = random.chance(0.5)
      ? [one, entails ? two : other]
      : [two, entails ? one : flipped(one)];
    const prompt = `${fill(premise, slots)} Does it follow that: ${fill(hypothesis, slots)} Answer:`;
    return {
      task: "entailment",
      sentences: [
        {text: `${prompt} ${entails ? "yes" : "no"}.`, labels: {relation, entails, who: [a, b]}}
      ],
      joint: " ",
      probe: {prompt, answer: entails ? " yes" : " no", wrong: [entails ? " no" : " yes"]}
    };
  }
};

function flipped(sentence: string): string {
  return fill(sentence, {a: "{b}", b: "{a}", x: "{x}", p: "{p}"});
}
