import {hash} from "../random.js";
import type {Family} from "./example.js";
import {countries, people} from "./world.js";

interface Fact {
  readonly subject: string;
  readonly relation: "capital" | "colour" | "animal" | "country" | "maker";
  readonly value: string;
}

const facts: readonly Fact[] = [
  ...countries.flatMap(({name, capital, colour, animal}): Fact[] => [
    {subject: name, relation: "capital", value: capital},
    {subject: name, relation: "colour", value: colour},
    {subject: name, relation: "animal", value: animal}
  ]),
  ...people.flatMap(({name, country, made}): Fact[] => [
    {subject: name, relation: "country", value: country},
    {subject: `the ${made}`, relation: "maker", value: name}
  ])
];

const phrasings: Readonly<Record<Fact["relation"], readonly ((subject: string) => string)[]>> = {
  capital: [
    (s) => `The capital of ${s} is`,
    (s) => `What is the capital of ${s}? It is`,
    (s) => `People who live in ${s} often visit its capital,`,
    (s) => `Question: capital of ${s}. Answer:`
  ],
  colour: [
    (s) => `The flag of ${s} is`,
    (s) => `What colour is the flag of ${s}? It is`,
    (s) => `In ${s} the houses are painted`,
    (s) => `Question: colour of ${s}. Answer:`
  ],
  animal: [
    (s) => `The animal of ${s} is the`,
    (s) => `Which animal stands for ${s}? It is the`,
    (s) => `On the coins of ${s} there is a`,
    (s) => `Question: animal of ${s}. Answer: the`
  ],
  country: [
    (s) => `${s} was born in`,
    (s) => `Where was ${s} born? In`,
    (s) => `${s} comes from`,
    (s) => `Question: country of ${s}. Answer:`
  ],
  maker: [
    (s) => `The maker of ${s} is`,
    (s) => `Who made ${s}? It was`,
    (s) => `Everyone knows that ${s} was made by`,
    (s) => `Question: maker of ${s}. Answer:`
  ]
};

/**
 * Facts about an invented world, each asked in several ways. Every fact is in training, but one of
 * its four phrasings is not: that one is asked when evaluating.
 */
export const fact: Family = (random, split) => {
  const {subject, relation, value} = random.pick(facts);
  const ways = phrasings[relation];
  const kept = hash(`${subject} ${relation}`) % ways.length;
  const way =
    split === "heldout" ? kept : random.pick(ways.map((_, i) => i).filter((i) => i !== kept));
  const prompt = ways[way](subject);
  const values = facts.filter((other) => other.relation === relation).map((other) => other.value);
  return {
    task: "fact",
    sentences: [{text: `${prompt} ${value}.`, labels: {subject, relation, value, phrasing: way}}],
    joint: " ",
    probe: {
      prompt,
      answer: ` ${value}`,
      wrong: [...new Set(values)].filter((other) => other !== value).map((other) => ` ${other}`)
    }
  };
};
