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

/** Keys with values, then one key again: its value must be recalled. */
export const recall: Family = (random, split) => {
  const [tell, ask] = random.pick(templatesOf(phrases, split, 1));
  const keys = random.sample([...women, ...men], random.between(3, 7));
  const values = random.sample([...animals, ...objects, ...rooms, ...colours], keys.length);
  const asked = random.int(keys.length);
  const told = keys.map((key, i) => ({
    text: tell(key, values[i]),
    labels: {key, value: values[i], position: i}
  }));
  const prompt = `${told.map(({text}) => text).join(" ")} ${ask(keys[asked])}`;
  const end = tell("", "").trim().slice(-1);
  return {
    task: "recall",
    sentences: [
      ...told,
      {
        text: `${ask(keys[asked])} ${values[asked]}${end}`,
        labels: {key: keys[asked], value: values[asked], position: asked, asked: true}
      }
    ],
    joint: " ",
    probe: {
      prompt,
      answer: ` ${values[asked]}`,
      wrong: values.filter((_, i) => i !== asked).map((value) => ` ${value}`)
    }
  };
};
