import {describe, expect, it} from "vitest";
import {generate} from "../../src/corpus/generator/generate.js";
import {seeded} from "../../src/corpus/random.js";
import {checkStory} from "../../src/corpus/story-checker.js";
import {containers} from "../../src/corpus/words.js";

describe("checkStory", () => {
  it("follows an object from place to place", () => {
    const told =
      "Mary put the ball in the box. Tom moved the ball from the box to the jar. The ball was in the";
    expect(checkStory(`${told} jar.`)).toEqual({claims: 2, wrong: []});
    expect(checkStory(`${told} box.`)).toEqual({claims: 2, wrong: ["The ball was in the box."]});
  });

  it("knows what it stands for", () => {
    const told = "Anna had a hat. She put it in the bag.";
    expect(checkStory(`${told} Ben found the hat in the bag.`)).toEqual({claims: 1, wrong: []});
    expect(checkStory(`${told} Ben found the hat in the sack.`).wrong).toHaveLength(1);
  });

  it("does not let a held object be in a box", () => {
    const told = "The key was in the jar. Leo took the key from the jar.";
    expect(checkStory(`${told} The key was in the jar.`)).toEqual({
      claims: 2,
      wrong: ["The key was in the jar."]
    });
  });

  it("reads what people say", () => {
    const told =
      'The cup was in the sack. Amy asked, "Where is the cup?" Sam said, "The cup is in the';
    expect(checkStory(`${told} sack."`)).toEqual({claims: 1, wrong: []});
    expect(checkStory(`${told} box."`).wrong).toHaveLength(1);
  });

  it("takes an object off a place where it is not as a contradiction", () => {
    const story =
      "There was a red pen in the case. Ruth took the pen out of the box and hid it in the jar.";
    expect(checkStory(story).wrong).toHaveLength(1);
  });

  it.each(["train", "heldout"] as const)(
    "finds every story of the generator (%s) true",
    (split) => {
      const random = seeded(11);
      for (let i = 0; i < 500; i++) {
        const {text} = generate(random, "story", split);
        const {claims, wrong} = checkStory(text);
        expect(wrong, text).toEqual([]);
        expect(claims, text).toBeGreaterThan(0);
      }
    }
  );

  it("finds a story false when its last place is changed", () => {
    const random = seeded(12);
    for (let i = 0; i < 200; i++) {
      const {examples} = generate(random, "story", "train");
      const {prompt, answer} = examples[0].probe!;
      const other = containers.find((box) => ` ${box}` !== answer && !prompt.includes(box))!;
      expect(checkStory(`${prompt} ${other}.`).wrong, prompt).toHaveLength(1);
    }
  });
});
