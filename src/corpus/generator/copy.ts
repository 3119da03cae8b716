import type {Family} from "./example.js";
import {exampleText, templatesOf} from "./example.js";
import {story} from "./story.js";

const frames: readonly (readonly [string, string])[] = [
  ["Copy this: ", "\nCopy: "],
  ["Original: ", "\nRepeated: "],
  ["She wrote: ", "\nHe wrote the same: "],
  ["First time: ", "\nAgain: "]
];

/** A passage, then the same passage word for word. */
export const copy: Family = (random, split) => {
  const [before, between] = random.pick(templatesOf(frames, split, 1));
  const sentences = exampleText(story(random, split)).split(/(?<=\.) /);
  const passage = sentences.slice(0, random.between(1, 3)).join(" ");
  const words = passage.split(" ");
  const at = random.between(Math.min(2, words.length - 1), words.length - 1);
  return {
    task: "copy",
    sentences: [
      {text: `${before}${passage}`, labels: {passage, copy: false}},
      {text: `${between.trimStart()}${passage}`, labels: {passage, copy: true}}
    ],
    joint: "\n",
    probe: {
      prompt: `${before}${passage}${between}${words.slice(0, at).join(" ")}`,
      answer: ` ${words[at]}`,
      wrong: []
    }
  };
};
