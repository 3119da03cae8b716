import {seeded} from "../../corpus/random.js";
import type {CostedWindow, HeldOutWindows} from "../../corpus/windows.js";
import type {Checkpoint} from "../../model/checkpoint.js";
import {ModelFileError} from "../../model/model-file-error.js";
import {sha256} from "../../model/sha256.js";
import {type Beside, type Claim, isFound, type Row} from "../claim.js";
import {type Environment, type HostModel, using} from "../environment.js";
import {textNats} from "../measures.js";
import {shuffledPositions} from "../weight-surgery.js";
import {expected} from "./expected.js";
import {type House, HOUSE, houseModels, slug, storedJson} from "./shipped.js";

/** How many windows are read at `ci`; all of them at `live`. */
const CI_WINDOWS = 10;
const BATCH = 4;

/** Bits per character of unseen natural text, beside n-grams that read the very same tokens. */
export async function* bits(environment: Environment): AsyncGenerator<Row> {
  const models = houseModels(environment);
  const {windows, orders, tokenizer} = await storedJson<HeldOutWindows>(
    environment,
    "corpora/heldout.json"
  );
  for (const name of HOUSE) await checkTokenizer(environment, name, tokenizer);
  const texts = environment.size === "ci" ? evenly(windows, CI_WINDOWS) : windows;
  const characters = texts.reduce((sum, window) => sum + window.characters, 0);
  const perCharacter = (nats: number) => nats / Math.LN2 / characters;
  const known = new Map<string, Promise<number>>();
  const measured = (name: House, change: "" | "shuffled") => {
    const key = `${name} ${change}`;
    if (!known.has(key))
      known.set(
        key,
        models(name).then(async (model) =>
          perCharacter(
            await natsOf(environment, change ? shuffle(environment, model) : model, texts)
          )
        )
      );
    return known.get(key)!;
  };
  const grams = orders.map((order, i): Beside => ({
    name: `${order}-gram`,
    value: perCharacter(texts.reduce((sum, {nats}) => sum + nats[i], 0))
  }));
  const gram = (order: number) => grams[orders.indexOf(order)].value;
  const metric = `bits per character of ${texts.length} windows of held-out documents`;
  const found = (name: keyof typeof expected, claim: Claim) =>
    isFound(slug, environment.seed, claim, expected[name]);

  for (const [key, name, order, weaker] of [
    ["1m-below-3-gram", "house-1m", 3, 2],
    ["3m-below-5-gram", "house-3m", 5, 3]
  ] as const)
    yield found(key, {
      claim: `${name} reads unseen natural text better than a ${order}-gram of the same training text`,
      metric,
      op: "<=",
      threshold: gram(order),
      partly: gram(weaker),
      beside: grams,
      value: () => measured(name, ""),
      control: {
        name: "its position embeddings shuffled",
        value: () => measured(name, "shuffled")
      }
    });

  const [small, middle, large] = HOUSE;
  const smallestGain = async (change: "" | "shuffled") => {
    const [s, m, l] = [
      await measured(small, ""),
      await measured(middle, ""),
      await measured(large, change)
    ];
    return Math.min(s - m, m - l);
  };
  yield found("larger-is-better", {
    claim: "each larger house model reads unseen natural text better",
    metric: `smallest gain from one size to the next, in ${metric}`,
    op: ">=",
    threshold: 0.01,
    beside: await Promise.all(HOUSE.map(async (name) => ({name, value: await measured(name, "")}))),
    value: () => smallestGain(""),
    control: {
      name: `the position embeddings of ${large} shuffled`,
      value: () => smallestGain("shuffled")
    }
  });
}

/** The costs of n-grams are comparable only where both cut text alike. */
async function checkTokenizer(
  environment: Environment,
  name: House,
  wanted: string
): Promise<void> {
  const found = await sha256(await environment.shipped(name).read("tokenizer.json"));
  if (found !== wanted)
    throw new ModelFileError(
      `${name}/tokenizer.json: sha256 must be ${wanted.slice(0, 12)}…, the tokenizer of data/corpora/heldout.json, got ${found.slice(0, 12)}…`
    );
}

const shuffle = ({seed}: Environment, {config, weights}: Checkpoint): HostModel => ({
  config,
  weights: shuffledPositions(weights, seeded(1000 * seed + 1))
});

/** `count` of a list, evenly spread. */
const evenly = <T>(list: readonly T[], count: number): T[] =>
  Array.from({length: count}, (_, i) => list[Math.floor(((i + 0.5) * list.length) / count)]);

const natsOf = (
  environment: Environment,
  model: HostModel,
  texts: readonly CostedWindow[]
): Promise<number> =>
  using(environment, model, async (backend) => {
    let nats = 0;
    for (let i = 0; i < texts.length; i += BATCH)
      nats += await textNats(
        backend,
        texts.slice(i, i + BATCH).map(({tokens}) => tokens)
      );
    return nats;
  });
