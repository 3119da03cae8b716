import type {Family} from "./example.js";
import {
  animals,
  colours,
  containers,
  days,
  letters,
  men,
  months,
  numberWords,
  objects,
  places,
  rooms,
  women
} from "../words.js";

const pool: readonly string[] = [
  ...animals,
  ...colours,
  ...containers,
  ...days,
  ...letters,
  ...men,
  ...months,
  ...numberWords,
  ...objects,
  ...places,
  ...rooms,
  ...women
];

/**
 * A random sequence that is said again: what followed a word the first time follows it the second.
 * Lengths of 9, 13 and 17 are kept for evaluation.
 */
export const induction: Family = (random, split) => {
  const lengths = split === "heldout" ? [9, 13, 17] : [5, 6, 7, 8, 10, 11, 12, 14, 16, 18, 20, 24];
  const words = random.sample(pool, random.pick(lengths));
  const times = random.chance(0.3) ? 3 : 2;
  const text = Array.from({length: times}, () => words.join(" ")).join(" ");
  const at = random.between(1, words.length - 1);
  return {
    task: "induction",
    sentences: [{text, labels: {period: words.length, times, items: words}}],
    joint: " ",
    probe: {
      prompt: [...words, ...words.slice(0, at)].join(" "),
      answer: ` ${words[at]}`,
      wrong: pool.filter((word) => word !== words[at]).map((word) => ` ${word}`)
    }
  };
};
