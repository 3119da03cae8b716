import {describe, expect, it} from "vitest";
import {type Asked, askTasks, type Reader, type TwoWaySpelling} from "../../src/corpus/ask.js";
import {shares} from "../../src/corpus/generator/generate.js";
import {drawProbes} from "../../src/corpus/probes.js";
import {seeded} from "../../src/corpus/random.js";

/** One token a letter; 0 begins a text. */
const letters: TwoWaySpelling = {
  begin: 0,
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0)),
  decode: (ids) => String.fromCharCode(...ids)
};

/** Reads a text as if it always knew the next letter, but for texts that `fails` picks. */
const oracle = (context: number, fails: (text: string) => boolean): Reader => ({
  config: {context},
  run: (text) => {
    const ids = [...letters.encode(text), 0];
    const shift = fails(text) ? 1 : 0;
    return Promise.resolve({predictions: ids.map((id) => [{id: id + shift, text: "", p: 1}])});
  }
});

async function ask(reader: Reader, count = 3): Promise<Asked[]> {
  const steps: Asked[] = [];
  for await (const step of askTasks(reader, letters, {count, seed: 2001})) steps.push(step);
  return steps;
}

describe("askTasks", () => {
  it("asks every family, tells how far it is, and knows a reader who is always right", async () => {
    const steps = await ask(oracle(256, () => false));
    const last = steps[steps.length - 1];
    expect(Object.keys(last.value).toSorted()).toEqual(Object.keys(shares).toSorted());
    expect(Object.values(last.value).every((right) => right === 1)).toBe(true);
    expect(steps.map(({done}) => done)).toEqual(steps.map((_, i) => i + 1));
    expect(last.done).toBe(last.total);
  });

  it("knows a reader who is always wrong, and counts by task", async () => {
    const wrong = (await ask(oracle(256, () => true))).at(-1)!.value;
    expect(Object.values(wrong).every((right) => right === 0)).toBe(true);
    const reviews = (await ask(oracle(256, (text) => !text.startsWith("Review")))).at(-1)!.value;
    expect(reviews.review).toBe(1);
    expect(reviews.story).toBe(0);
  });

  it("asks the questions of the cards' seed first to last, and none longer than the context", async () => {
    const asked: string[] = [];
    const reader = oracle(60, (text) => asked.push(text) < 0);
    await ask(reader, 5);
    const random = seeded(2001);
    const drawn = (Object.keys(shares) as (keyof typeof shares)[]).flatMap((task) =>
      drawProbes(random, letters, {task, count: 5})
    );
    const fitting = drawn.filter(({prompt, answer}) => prompt.length + answer.length <= 60);
    expect(fitting.length).toBeLessThan(drawn.length);
    expect(asked.toSorted()).toEqual(
      fitting.map(({prompt, answer}) => letters.decode([...prompt.slice(1), ...answer])).toSorted()
    );
  });
});
