import {men, objects, places, women} from "../words.js";
import type {Family, Sentence} from "./example.js";
import {articles, fill, templatesOf} from "./example.js";

const meetings = [
  "When {a} and {b} went to the {place},",
  "{a} met {b} at the {place}.",
  "Yesterday {a} saw {b} in the {place}.",
  "{a} and {b} walked to the {place}.",
  "After {a} and {b} got to the {place},",
  "{a} came to the {place} with {b}, and",
  "{b} was at the {place} when {a} came in.",
  "{a} and {b} are friends. At the {place}"
];

const handings = [
  "{s} gave a {object} to",
  "{s} threw the {object} to",
  "{s} showed the {object} to",
  "{s} sent a {object} to",
  "{s} read the letter to",
  "{s} wanted to give the {object} to",
  "{s} told a story to",
  "{s} talked to"
];

/** Ways to begin; the last three are kept for evaluation. */
const templates = [
  ...meetings.flatMap((meeting) => handings.map((handing) => `${meeting} ${handing}`)),
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

const thanks = ["{r} thanked {s}.", "{r} smiled at {s}.", "Then {r} gave it back to {s}."];

/** Of two named people the giver is repeated, and the other receives; often the receiver then answers. */
export const indirectObject: Family = (random, split) => {
  const [a, b] = random.sample([...women, ...men], 2);
  const [giver, receiver] = random.chance(0.5) ? [a, b] : [b, a];
  const place = random.pick(places);
  const object = random.pick(objects);
  const template = random.pick(templatesOf(templates, split, 3));
  const prompt = articles(fill(template, {a, b, s: giver, place, object}));
  const sentences: Sentence[] = [
    {
      text: `${prompt} ${receiver}.`,
      labels: {who: [a, b], giver, receiver, object, place, order: giver === a ? "ABA" : "ABB"}
    }
  ];
  if (random.chance(0.6))
    sentences.push({
      text: fill(random.pick(thanks), {r: receiver, s: giver}),
      labels: {who: [a, b], giver: receiver, receiver: giver}
    });
  return {
    task: "indirect-object",
    sentences,
    joint: " ",
    probe: {prompt, answer: ` ${receiver}`, wrong: [` ${giver}`]}
  };
};
