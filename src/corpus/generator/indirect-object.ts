import {men, objects, places, women} from "../words.js";
import type {Family} from "./example.js";
import {articles, fill, templatesOf} from "./example.js";

const templates = [
  "When {a} and {b} went to the {place}, {s} gave a {object} to",
  "Then {a} and {b} went to the {place}, and {s} gave a {object} to",
  "{a} and {b} were at the {place}. {s} handed a {object} to",
  "After {a} and {b} met at the {place}, {s} showed a {object} to",
  "While {a} and {b} were working at the {place}, {s} sold a {object} to",
  "{a} and {b} had lunch at the {place}. Then {s} brought a {object} to",
  "One day {a} and {b} came to the {place}, and {s} threw the {object} to",
  "{a} met {b} at the {place}. Later {s} offered the {object} to",
  "When {a} and {b} arrived at the {place}, {s} sent a {object} to",
  "Then {a} and {b} had a long talk at the {place}. {s} passed the {object} to",
  "After {a} and {b} left the {place}, {s} gave the {object} to",
  "While {a} and {b} were sitting at the {place}, {s} handed the {object} to"
];

/** Of two named people the giver is repeated, and the other receives. */
export const indirectObject: Family = (random, split) => {
  const [a, b] = random.sample([...women, ...men], 2);
  const [giver, receiver] = random.chance(0.5) ? [a, b] : [b, a];
  const place = random.pick(places);
  const object = random.pick(objects);
  const template = random.pick(templatesOf(templates, split, 3));
  const prompt = articles(fill(template, {a, b, s: giver, place, object}));
  return {
    task: "indirect-object",
    sentences: [
      {
        text: `${prompt} ${receiver}.`,
        labels: {who: [a, b], giver, receiver, object, place, order: giver === a ? "ABA" : "ABB"}
      }
    ],
    joint: " ",
    probe: {prompt, answer: ` ${receiver}`, wrong: [` ${giver}`]}
  };
};
