import {runInNewContext} from "node:vm";
import {describe, expect, it} from "vitest";
import type {Split, Task} from "../../src/corpus/generator/example.js";
import {articles, exampleText} from "../../src/corpus/generator/example.js";
import {families, generate, generateCorpus, shares} from "../../src/corpus/generator/generate.js";
import {isHeldOut, orders, walk} from "../../src/corpus/generator/sequence.js";
import {countries, people} from "../../src/corpus/generator/world.js";
import {seeded} from "../../src/corpus/random.js";
import {men, women} from "../../src/corpus/words.js";

const tasks = Object.keys(families) as Task[];
const splits: readonly Split[] = ["train", "heldout"];

const order = (kind: string): (typeof orders)[number] => orders.find((one) => one.kind === kind)!;

const draw = (task: Task, split: Split, count = 300, seed = 7) => {
  const random = seeded(seed);
  return Array.from({length: count}, () => families[task](random, split));
};

describe("generate", () => {
  it.each(tasks)("draws the same %s from the same seed, another from another", (task) => {
    const text = (seed: number): string => generate(seeded(seed), task, "train").text;
    expect(text(3)).toBe(text(3));
    const many = new Set(Array.from({length: 20}, (_, seed) => text(seed)));
    expect(many.size).toBeGreaterThan(10);
  });

  it.each(tasks)("labels every sentence of %s", (task) => {
    for (const {sentences} of draw(task, "train", 50)) {
      for (const {labels} of sentences) expect(Object.keys(labels).length).toBeGreaterThan(0);
    }
  });

  it.each(tasks.flatMap((task) => splits.map((split) => [task, split] as const)))(
    "asks what the text of %s (%s) answers",
    (task, split) => {
      let asked = 0;
      for (const example of draw(task, split)) {
        if (example.probe === null) continue;
        const {prompt, answer, wrong} = example.probe;
        asked++;
        expect(wrong).not.toContain(answer);
        expect(exampleText(example)).toContain(`${prompt}${answer}`);
      }
      expect(asked).toBeGreaterThan(100);
    }
  );

  it.each(tasks)("keeps held-out %s out of training", (task) => {
    const trained = new Set(draw(task, "train", 2000).map(exampleText));
    const questions = draw(task, "heldout", 400).map(exampleText);
    const repeated = questions.filter((text) => trained.has(text)).length;
    expect(repeated / questions.length).toBeLessThan(0.01);
  });

  it("gives each family its share of the characters", () => {
    const characters = new Map<Task, number>();
    for (const {task, text} of generateCorpus(seeded(2), "train", 400_000)) {
      characters.set(task, (characters.get(task) ?? 0) + text.length);
    }
    for (const task of tasks) {
      expect(characters.get(task)! / 400_000, task).toBeCloseTo(shares[task], 2);
    }
  });
});

describe("walk", () => {
  it("wraps days and months and leaves gaps", () => {
    expect(walk(order("day"), 5, 1, 4)).toEqual(["Saturday", "Sunday", "Monday", "Tuesday"]);
    expect(walk(order("day"), 0, 2, 5)).toEqual([
      "Monday",
      "Wednesday",
      "Friday",
      "Sunday",
      "Tuesday"
    ]);
    expect(walk(order("month"), 0, -1, 2)).toEqual(["January", "December"]);
  });

  it("ends where numbers end", () => {
    expect(walk(order("numeral"), 97, 1, 3)).toEqual(["97", "98", "99"]);
    expect(walk(order("numeral"), 97, 1, 4)).toBeNull();
  });
});

describe("isHeldOut", () => {
  it("keeps about a seventh of the runs of every order", () => {
    for (const one of orders) {
      const kept = one.items.filter((_, start) => isHeldOut(one, start, 1)).length;
      expect(kept / one.items.length, one.kind).toBeGreaterThan(0.08);
      expect(kept / one.items.length, one.kind).toBeLessThan(0.2);
    }
  });
});

describe("families", () => {
  it("gives a sum its value", () => {
    for (const {sentences} of draw("sum", "train")) {
      const {a, b, operation, result} = sentences[0].labels as Record<string, number | string>;
      expect(operation === "plus" ? Number(a) + Number(b) : Number(a) - Number(b)).toBe(result);
    }
  });

  it("ends a span of years after it began, in the same century", () => {
    for (const split of splits) {
      for (const {sentences} of draw("year-span", split)) {
        const [first, last] = sentences[0].text.match(/\d{4}/g)!.map(Number);
        expect(last).toBeGreaterThan(first);
        expect(Math.floor(last / 100)).toBe(Math.floor(first / 100));
        expect((first % 100) % 7 === 3).toBe(split === "heldout");
      }
    }
  });

  it("agrees a pronoun with its people", () => {
    for (const {sentences} of draw("pronoun", "train")) {
      const {who, pronoun} = sentences[0].labels as {who: string[]; pronoun: string};
      const isWoman = women.some((woman) => woman === who[0]);
      expect(pronoun).toBe(who.length === 2 ? "they" : isWoman ? "she" : "he");
    }
  });

  it("gives to the person who is not the giver", () => {
    for (const {sentences} of draw("indirect-object", "heldout")) {
      const {who, giver, receiver} = sentences[0].labels as {
        who: string[];
        giver: string;
        receiver: string;
      };
      expect([...who].sort()).toEqual([giver, receiver].sort());
      expect(sentences[0].text).toMatch(new RegExp(`${giver} .* to ${receiver}\\.$`));
    }
  });

  it("closes every bracket, the innermost first", () => {
    const closer: Record<string, string> = {"(": ")", "[": "]", "{": "}", "<": ">"};
    for (const {sentences} of draw("bracket", "train")) {
      const open: string[] = [];
      for (const sign of sentences[0].text.match(/[()[\]{}<>]/g) ?? []) {
        if (sign in closer) open.push(closer[sign]);
        else expect(open.pop()).toBe(sign);
      }
      expect(open).toEqual([]);
    }
  });

  it("repeats a random sequence in full", () => {
    for (const {sentences} of draw("induction", "heldout")) {
      const {period, times, items} = sentences[0].labels as {
        period: number;
        times: number;
        items: string[];
      };
      const words = sentences[0].text.split(" ");
      expect(words).toHaveLength(period * times);
      words.forEach((word, i) => expect(word).toBe(items[i % period]));
    }
  });

  it("runs the JavaScript that it prints", () => {
    for (const {sentences} of draw("javascript", "train", 100)) {
      const lines = sentences.map(({text}) => text);
      const answer = /^\/\/ (.*)$/.exec(lines.at(-1)!)![1];
      const logged: unknown[] = [];
      const code = lines.slice(0, -1).join("\n").replace("const list", "var list");
      const log = (value: unknown): number => logged.push(value);
      runInNewContext(asExpression(code), {console: {log}, logged});
      if (/^(true|false)$/.test(answer)) expect(logged.length > 0).toBe(answer === "true");
      else expect(JSON.stringify(logged.at(-1))).toBe(answer);
    }
  });

  it("knows one capital and one colour of each invented country, one country of each person", () => {
    expect(new Set(countries.map(({name}) => name)).size).toBe(40);
    expect(new Set(countries.map(({capital}) => capital)).size).toBe(40);
    expect(new Set(people.map(({made}) => made)).size).toBe(60);
    for (const {name, pronoun} of people) {
      const isMan = men.some((man) => name.startsWith(`${man} `));
      expect(pronoun).toBe(isMan ? "he" : "she");
    }
  });
});

/** Logs the value of a last line that is an expression. */
function asExpression(code: string): string {
  return code.replace(/\n([a-z]+(?:\(|\[|\.)(?!log).*);$/, "\nlogged.push($1);");
}

describe("articles", () => {
  it("writes an before a vowel sound", () => {
    expect(articles("a apple, a ball, A orange, a union, a ugly hat")).toBe(
      "an apple, a ball, An orange, a union, an ugly hat"
    );
  });
});
