import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {kneserNey} from "../src/corpus/ngram/kneser-ney.js";
import type {NGram} from "../src/corpus/ngram/kneser-ney.js";
import {encoder} from "../src/corpus/tokenizer/encode.js";
import {parseTokenizerJson} from "../src/corpus/tokenizer/json.js";
import type {EncodedProbe} from "./corpus/probes.js";

const {values} = parseArgs({
  options: {
    data: {type: "string", default: "data/corpora/build"},
    out: {type: "string", default: "data/corpora/ngram.json"}
  }
});
const read = (name: string): Buffer => readFileSync(join(values.data, name));
const tokensOf = (name: string): Uint16Array => {
  const bytes = read(name);
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const {decode} = encoder(parseTokenizerJson(read("tokenizer.json").toString()));
const train = tokensOf("train.bin");
const heldout = tokensOf("heldout.bin");
const spans = JSON.parse(read("heldout.json").toString()) as {
  source: string;
  start: number;
  length: number;
}[];
const probes = JSON.parse(read("probes.json").toString()) as EncodedProbe[];
const {vocab} = JSON.parse(read("mix.json").toString()) as {vocab: number};

const rows = [2, 3, 4, 5].map((order) => {
  const model = kneserNey(train, order, vocab);
  const row = {
    order,
    natural: cost(model, (source) => !source.startsWith("generated/")),
    generated: cost(model, (source) => source.startsWith("generated/")),
    tasks: order === 5 ? accuracy(model) : undefined
  };
  console.log(JSON.stringify(row));
  return row;
});
writeFileSync(values.out, `${JSON.stringify({trainTokens: train.length, rows}, null, 2)}\n`);

function cost(
  model: NGram,
  pick: (source: string) => boolean
): {nats_per_token: number; bits_per_character: number} {
  let nats = 0;
  let tokens = 0;
  let characters = 0;
  for (const {source, start, length} of spans) {
    if (!pick(source)) continue;
    const text = heldout.subarray(start, start + length);
    for (let at = 1; at < length; at++) nats -= Math.log(model.probability(text, at));
    tokens += length - 1;
    characters += [...decode(text)].length;
  }
  return {nats_per_token: nats / tokens, bits_per_character: nats / Math.LN2 / characters};
}

/** By task: how often the right answer is, token after token, the most likely one. */
function accuracy(model: NGram): Record<string, number> {
  const right = new Map<string, boolean[]>();
  for (const {task, prompt, answer} of probes) {
    const text = [...prompt, ...answer];
    const exact = answer.every((_, i) => mostLikely(model, text, prompt.length + i) === answer[i]);
    right.set(task, [...(right.get(task) ?? []), exact]);
  }
  return Object.fromEntries(
    [...right].map(([task, list]) => [task, list.filter(Boolean).length / list.length])
  );
}

function mostLikely(model: NGram, tokens: readonly number[], at: number): number {
  const text = tokens.slice(Math.max(0, at - model.order + 1), at + 1);
  let best = -1;
  let highest = 0;
  for (let token = 0; token < vocab; token++) {
    text[text.length - 1] = token;
    const chance = model.probability(text, text.length - 1);
    if (chance > highest) [best, highest] = [token, chance];
  }
  return best;
}
