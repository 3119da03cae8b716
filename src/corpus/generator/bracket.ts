import {animals, colours, objects, women} from "../words.js";
import type {Random} from "../random.js";
import type {Family, Split} from "./example.js";
import {hash} from "../random.js";

const pairs = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
  ["<", ">"]
] as const;

/** Every bracket and quotation mark that is opened is closed, the innermost first. */
export const bracket: Family = (random, split) =>
  (random.chance(0.6) ? nested : quoted)(random, split);

const nested: Family = (random, split) => {
  const tokens = drawNest(random, split);
  const closers = tokens.map((token, at) => (isCloser(token) ? at : -1)).filter((at) => at >= 0);
  const at = random.pick(closers);
  return {
    task: "bracket",
    sentences: [{text: tokens.join(" "), labels: {depth: depthOf(tokens), length: tokens.length}}],
    joint: " ",
    probe: {
      prompt: tokens.slice(0, at).join(" "),
      answer: ` ${tokens[at]}`,
      wrong: pairs.map(([, close]) => ` ${close}`).filter((close) => close !== ` ${tokens[at]}`)
    }
  };
};

/** Splits by the sequence of brackets, the words inside left out. */
function drawNest(random: Random, split: Split): string[] {
  for (;;) {
    const tokens = nest(random, random.between(2, 4));
    const shape = tokens.filter((token) => !/\w/.test(token)).join("");
    if ((hash(shape) % 10 === 0) === (split === "heldout")) return tokens;
  }
}

function nest(random: Random, depth: number): string[] {
  const [open, close] = random.pick(pairs);
  const inside: string[] = [];
  for (let parts = random.between(1, 2); parts > 0; parts--) {
    if (random.chance(0.5)) inside.push(random.pick(random.chance(0.5) ? animals : colours));
    if (depth > 1) inside.push(...nest(random, depth - 1 - random.int(2)));
  }
  return [open, ...(inside.length === 0 ? [random.pick(animals)] : inside), close];
}

function isCloser(token: string): boolean {
  return pairs.some(([, close]) => close === token);
}

function depthOf(tokens: readonly string[]): number {
  let depth = 0;
  let deepest = 0;
  for (const token of tokens) {
    if (pairs.some(([open]) => open === token)) depth++;
    if (isCloser(token)) depth--;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

const quoted: Family = (random, split) => {
  const who = random.pick(women);
  const thing = random.pick(split === "train" ? objects.slice(3) : objects.slice(0, 3));
  const verb = random.pick(["said", "asked", "shouted", "whispered"]);
  const [open, close] = random.pick([
    ['"', '."'],
    ["'", ".'"],
    ["(", ".)"],
    ["[", ".]"]
  ]);
  const line = `The ${random.pick(colours)} ${thing} is mine`;
  const prompt = `${who} ${verb}: ${open}${line}`;
  const closers = ['."', ".'", ".)", ".]"];
  return {
    task: "bracket",
    sentences: [{text: `${prompt}${close}`, labels: {who, depth: 1, opener: open}}],
    joint: " ",
    probe: {prompt, answer: close, wrong: closers.filter((closer) => closer !== close)}
  };
};
