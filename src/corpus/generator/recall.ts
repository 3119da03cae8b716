import {animals, colours, men, objects, rooms, women} from "../words.js";
import type {Family} from "./example.js";
import {templatesOf} from "./example.js";

type Phrase = readonly [tell: (key: string, value: string) => string, ask: (key: string) => string];

const phrases: readonly Phrase[] = [
  [(k, v) => `${k} = ${v};`, (k) => `${k} =`],
  [(k, v) => `${k} has the ${v}.`, (k) => `${k} has the`],
  [(k, v) => `${k} -> ${v},`, (k) => `${k} ->`],
  [(k, v) => `${k} is in the ${v}.`, (k) => `${k} is in the`],
  [(k, v) => `${k} wants the ${v}.`, (k) => `${k} wants the`],
  [(k, v) => `${k}: ${v}.`, (k) => `${k}:`]
];

/** Keys with values, then some of the keys again: their values must be recalled. */
export const recall: Family = (random, split) => {
  const [tell, ask] = random.pick(templatesOf(phrases, split, 1));
  const keys = random.sample([...women, ...men], random.between(3, 7));
  const values = random.sample([...animals, ...objects, ...rooms, ...colours], keys.length);
  const [asked, ...others] = random.sample([...keys.keys()], random.between(1, keys.length));
  const told = keys.map((key, i) => ({
    text: tell(key, values[i]),
    labels: {key, value: values[i], position: i}
  }));
  const prompt = `${told.map(({text}) => text).join(" ")} ${ask(keys[asked])}`;
  return {
    task: "recall",
    sentences: [
      ...told,
      ...[asked, ...others].map((at) => ({
        text: tell(keys[at], values[at]),
        labels: {key: keys[at], value: values[at], position: at, asked: true}
      }))
    ],
    joint: " ",
    probe: {
      prompt,
      answer: ` ${values[asked]}`,
      wrong: values.filter((_, i) => i !== asked).map((value) => ` ${value}`)
    }
  };
};
