import type {Family} from "./example.js";
import {articles, capital, fill, templatesOf} from "./example.js";

const things = ["film", "book", "play", "meal", "hotel", "song", "game", "show", "lamp", "story"];

const words = {
  good: [
    "wonderful",
    "great",
    "lovely",
    "excellent",
    "charming",
    "brilliant",
    "beautiful",
    "superb"
  ],
  bad: ["terrible", "awful", "boring", "dreadful", "poor", "ugly", "horrible", "dull"]
} as const;

const feelings = {
  good: [
    "I loved every minute of it.",
    "I would go again.",
    "It made me smile.",
    "My friends liked it too."
  ],
  bad: [
    "I hated every minute of it.",
    "I would not go again.",
    "It made me angry.",
    "My friends left early."
  ]
} as const;

const templates = [
  "This {thing} was {word}.",
  "The {thing} is {word}, and very {other}.",
  "I thought the {thing} was {word}.",
  "What a {word} {thing}!",
  "Such a {word} and {other} {thing}.",
  "I must say that this {thing} is simply {word}."
];

/** A short review, a reaction that agrees with it, and a verdict: good or bad. */
export const review: Family = (random, split) => {
  const sentiment = random.pick(["good", "bad"] as const);
  const [word, other] = random.sample(words[sentiment], 2);
  const slots = {thing: random.pick(things), word, other};
  const opening = capital(articles(fill(random.pick(templatesOf(templates, split, 2)), slots)));
  const reaction = random.chance(0.6) ? [random.pick(feelings[sentiment])] : [];
  const body = [opening, ...reaction].map((text) => ({
    text,
    labels: {sentiment, thing: slots.thing, words: [word, other]}
  }));
  const prompt = `Review: ${body.map(({text}) => text).join(" ")} Verdict:`;
  return {
    task: "review",
    sentences: [
      {...body[0], text: `Review: ${body[0].text}`},
      ...body.slice(1),
      {text: `Verdict: ${sentiment}.`, labels: {sentiment}}
    ],
    joint: " ",
    probe: {prompt, answer: ` ${sentiment}`, wrong: [sentiment === "good" ? " bad" : " good"]}
  };
};
