import {createHash} from "node:crypto";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {parseArgs} from "node:util";
import {kneserNey} from "../src/corpus/ngram/kneser-ney.js";
import type {NGram} from "../src/corpus/ngram/kneser-ney.js";
import {
  digitPairs,
  drawProbes,
  type EncodedProbe,
  type Question,
  questions,
  scoreOf
} from "../src/corpus/probes.js";
import {seeded} from "../src/corpus/random.js";
import {encoder} from "../src/corpus/tokenizer/encode.js";
import {parseTokenizerJson} from "../src/corpus/tokenizer/json.js";
import {type HeldOutWindows, type Span, spreadWindows} from "../src/corpus/windows.js";

const ORDERS = [2, 3, 4, 5];
const WINDOWS = 100;
const WINDOW_TOKENS = 256;
/** Questions of each task. */
const QUESTIONS = 200;

const {values} = parseArgs({
  options: {
    data: {type: "string", default: "data/corpora/build/2048"},
    out: {type: "string", default: "data/corpora"}
  }
});
const read = (name: string): Buffer => readFileSync(join(values.data, name));
const tokensOf = (name: string): Uint16Array => {
  const bytes = read(name);
  return new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
};
const tokenizer = read("tokenizer.json");
const {encode, decode, endOfText} = encoder(parseTokenizerJson(tokenizer.toString()));
const train = tokensOf("train.bin");
const heldout = tokensOf("heldout.bin");
const spans = JSON.parse(read("heldout.json").toString()) as Span[];
const probes = JSON.parse(read("probes.json").toString()) as EncodedProbe[];
const {vocab} = JSON.parse(read("mix.json").toString()) as {vocab: number};

const isNatural = ({source}: Span): boolean => !source.startsWith("generated/");
const windows = spreadWindows(spans.filter(isNatural), WINDOWS, WINDOW_TOKENS).map(
  ({source, start, length}) => {
    const tokens = heldout.subarray(start, start + length);
    return {source, tokens, characters: characters(tokens.subarray(1)), nats: [] as number[]};
  }
);

const rows = ORDERS.map((order) => {
  const model = kneserNey(train, order, vocab);
  const row = {
    order,
    natural: cost(model, spans.filter(isNatural)),
    generated: cost(
      model,
      spans.filter((span) => !isNatural(span))
    ),
    ...(order === 5 && {tasks: accuracy(model), questions: scores(model)})
  };
  for (const {tokens, nats} of windows) nats.push(Number(natsOf(model, tokens).toFixed(3)));
  console.log(JSON.stringify(row));
  return row;
});
writeFileSync(
  join(values.out, "ngram.json"),
  `${JSON.stringify({trainTokens: train.length, rows}, null, 2)}\n`
);
const stored: HeldOutWindows = {
  tokenizer: createHash("sha256").update(tokenizer).digest("hex"),
  orders: ORDERS,
  windows: windows.map((window) => ({...window, tokens: [...window.tokens]}))
};
writeFileSync(
  join(values.out, "heldout.json"),
  `${JSON.stringify(stored).replaceAll('{"source"', '\n{"source"')}\n`
);

/** Nats of all tokens but the first. */
function natsOf(model: NGram, tokens: Uint16Array): number {
  let nats = 0;
  for (let at = 1; at < tokens.length; at++) nats -= Math.log(model.probability(tokens, at));
  return nats;
}

function characters(tokens: Uint16Array): number {
  return [...decode(tokens)].length;
}

function cost(
  model: NGram,
  of: readonly Span[]
): {nats_per_token: number; bits_per_character: number} {
  let nats = 0;
  let tokens = 0;
  let letters = 0;
  for (const {start, length} of of) {
    const text = heldout.subarray(start, start + length);
    nats += natsOf(model, text);
    tokens += length - 1;
    letters += characters(text);
  }
  return {nats_per_token: nats / tokens, bits_per_character: nats / Math.LN2 / letters};
}

/** By task: how often the right answer is, token after token, the most likely one. */
function accuracy(model: NGram): Record<string, number> {
  const right = new Map<string, number[]>();
  for (const probe of probes)
    right.set(probe.task, [
      ...(right.get(probe.task) ?? []),
      scoreOf("exact", probe, chances(model, probe), [])
    ]);
  return Object.fromEntries([...right].map(([task, list]) => [task, mean(list)]));
}

/** The house models' questions, by task, each in its measure. */
function scores(model: NGram): Record<Question["task"], number> {
  const pairs = digitPairs(encode);
  return Object.fromEntries(
    questions.map(({task, kinds, measure}) => {
      const drawn = drawProbes(
        seeded(1),
        {encode, begin: endOfText},
        {task, kinds, count: QUESTIONS}
      );
      return [
        task,
        mean(drawn.map((probe) => scoreOf(measure, probe, chances(model, probe), pairs)))
      ];
    })
  ) as Record<Question["task"], number>;
}

/** How likely each token is at each place of the answer. */
function chances(model: NGram, {prompt, answer}: EncodedProbe): Float64Array[] {
  return answer.map((_, i) => {
    const text = [...prompt, ...answer.slice(0, i)].slice(1 - model.order);
    return Float64Array.from({length: vocab}, (_, id) =>
      model.probability([...text, id], text.length)
    );
  });
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}
