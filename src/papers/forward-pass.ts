import {normals} from "../kernels/normals.js";
import type {Backend} from "../model/backend.js";
import {loadModel} from "../model/checkpoint.js";
import {parseLlama2c} from "../model/llama2c.js";
import {parseJsonObject} from "../model/model-file-error.js";
import {allSites, type Site} from "../model/sites.js";
import {openTwin} from "../model/twin-backend.js";
import {type Claim, mustHold, type Row, type Skipped} from "./claim.js";
import {type Claims, type Environment, type HostModel, using} from "./environment.js";
import {allLogits, largestDifference, meanKl, meanLoss, timesTolerance} from "./measures.js";
import {parseNanoSort, parseNanoSortRun} from "./nano-sort.js";
import {perturbed, rounded, swapped, untrained} from "./weight-surgery.js";

export const slug = "forward-pass";
const MODEL = "house-1m";

/** What the platform promises of a forward pass: agreement with models and arithmetic not ours. */
export const claims: Claims = async function* (environment) {
  for (const group of [stories, nanoSort, shippedModel])
    for await (const row of group(environment)) yield row;
};

const claim = (environment: Environment, one: Claim): Promise<Row> =>
  mustHold(slug, environment.seed, one);

const missing = (claimed: string, path: string, origin: string): Skipped => ({
  paper: slug,
  claim: claimed,
  skipped: `../shared/models/${path}, from ${origin}, is missing here`
});

async function* stories(environment: Environment): AsyncGenerator<Row | Skipped> {
  const said = {
    logits: "stories260K, a Llama made by others: logits equal to stored float64 ones",
    greedy: "stories260K: 200 greedy tokens equal to the stored continuation"
  };
  const bytes = await environment.foreign("stories260K/stories260K.bin");
  const stored = await environment.foreign("stories260K/reference.json");
  if (!bytes || !stored) {
    for (const sentence of Object.values(said))
      yield missing(sentence, "stories260K", "karpathy/tinyllamas");
    return;
  }
  const model = parseLlama2c(bytes, "stories260K.bin");
  const reference = parseJsonObject(stored, "reference.json");
  const tokens = reference.tokens as number[];
  const [positions] = reference.logits_shape as number[];
  const packed = Uint8Array.from(atob(reference.logits as string), (c) => c.charCodeAt(0));
  const logits = new Float32Array(packed.buffer);
  const difference = (of: HostModel) =>
    using(environment, of, async (backend) => {
      const result = await backend.forward(allLogits([tokens.slice(0, positions)]));
      return largestDifference(result.logits!.data, logits);
    });
  const agreeing = (of: HostModel) =>
    using(environment, of, async (backend) => {
      const sampling = {count: tokens.length - 1, temperature: 0, topK: 0, seed: 0};
      let same = 0;
      for await (const id of backend.decode(tokens.slice(0, 1), sampling))
        if (id !== tokens[++same]) return same - 1;
      return same;
    });
  const {config, weights} = model;
  yield claim(environment, {
    claim: said.logits,
    metric: `largest difference over ${logits.length} logits`,
    op: "<=",
    threshold: 2e-4,
    value: () => difference(model),
    control: {
      name: "one weight matrix 1 % larger",
      value: () => difference({config, weights: perturbed(weights, "blocks.2.value.weight", 1.01)})
    }
  });
  yield claim(environment, {
    claim: said.greedy,
    metric: "greedy tokens equal from the first on, with a key-value cache",
    op: ">=",
    threshold: 200,
    value: () => agreeing(model),
    control: {
      name: "layers 1 and 2 swapped",
      value: () => agreeing({config, weights: swapped(weights, 1, 2)})
    }
  });
}

async function* nanoSort(environment: Environment): AsyncGenerator<Row | Skipped> {
  const said = {
    sorts: "gpt-nano-sort, a GPT-2 made by others: every one of 729 inputs is sorted",
    activations: "gpt-nano-sort: every intermediate equal to a PyTorch run's"
  };
  const bytes = await environment.foreign("gpt-nano-sort/model.json");
  const stored = await environment.foreign("gpt-nano-sort/activations.json");
  if (!bytes || !stored) {
    for (const sentence of Object.values(said))
      yield missing(sentence, "gpt-nano-sort", "bbycroft/llm-viz");
    return;
  }
  const model = parseNanoSort(bytes);
  const {config, weights} = model;
  const wrongOrder = {config, weights: swapped(weights, 0, 1)};
  yield claim(environment, {
    claim: said.sorts,
    metric: "inputs sorted, of 729",
    op: ">=",
    threshold: 729,
    value: () => using(environment, model, sorted),
    control: {
      name: "layers 0 and 1 swapped",
      value: () => using(environment, wrongOrder, sorted)
    }
  });
  const run = parseNanoSortRun(stored);
  const difference = (of: HostModel) =>
    using(environment, of, async (backend) => {
      const sites = [...run.activations.keys()].filter((name) => name !== "logits") as Site[];
      const result = await backend.forward({...allLogits(run.tokens), sites});
      const differences = [...run.activations].map(([name, {data}]) =>
        largestDifference(
          (name === "logits" ? result.logits! : result.activations.get(name as Site)!).data,
          data
        )
      );
      return Math.max(...differences);
    });
  yield claim(environment, {
    claim: said.activations,
    metric: `largest difference over ${run.activations.size} intermediates`,
    op: "<=",
    threshold: 1e-4,
    value: () => difference(model),
    control: {
      name: "one weight matrix 1 % larger",
      value: () => difference({config, weights: perturbed(weights, "blocks.0.down.weight", 1.01)})
    }
  });
}

/** How many of all six-symbol inputs a sorter continues with the same symbols in order. */
async function sorted(backend: Backend): Promise<number> {
  const inputs = Array.from({length: 3 ** 6}, (_, n) =>
    Array.from({length: 6}, (_, i) => Math.floor(n / 3 ** i) % 3)
  );
  let texts = inputs;
  for (let i = 0; i < 6; i++) {
    const {logits} = await backend.forward({...allLogits(texts), logits: "last"});
    texts = texts.map((text, n) => {
      const row = [...logits!.data.subarray(3 * n, 3 * n + 3)];
      return [...text, row.indexOf(Math.max(...row))];
    });
  }
  return texts.filter(
    (text, n) => text.slice(6).join() === inputs[n].toSorted((a, b) => a - b).join()
  ).length;
}

async function* shippedModel(environment: Environment): AsyncGenerator<Row> {
  const files = environment.shipped(MODEL);
  const model = await loadModel(files);
  const {config, weights} = model;
  const {windows} = parseJsonObject(await files.read("heldout.json"), "heldout.json") as {
    windows?: {tokens: number[]}[];
  };
  const heldout = windows!.map(({tokens}) => tokens.slice(0, config.context));
  const texts = environment.size === "ci" ? heldout.filter((_, i) => i % 3 === 0) : heldout;
  const random = untrained(weights, normals(1000 * environment.seed + 1));

  const byFrequency = unigramLoss(texts, config.vocab);
  yield claim(environment, {
    claim: "the shipped model is trained: it reads unseen text better than its token frequencies",
    metric: `held-out loss, nats per token (token frequencies of that very text: ${byFrequency.toFixed(2)})`,
    op: "<=",
    threshold: byFrequency,
    value: () => using(environment, model, (backend) => meanLoss(backend, texts)),
    control: {
      name: "the same shape with random weights",
      value: () =>
        using(environment, {config, weights: random}, (backend) => meanLoss(backend, texts))
    }
  });

  const text = texts[0].slice(0, 24);
  const twin = await openTwin(config, weights);
  const sites = allSites(config);
  const exact = await twin.forward({...allLogits([text]), sites});
  const worst = (of: HostModel) =>
    using(environment, of, async (backend) => {
      const result = await backend.forward({...allLogits([text]), sites});
      return Math.max(
        timesTolerance(result.logits!, exact.logits!),
        ...sites.map((site) =>
          timesTolerance(result.activations.get(site)!, exact.activations.get(site)!)
        )
      );
    });
  yield claim(environment, {
    claim: "every named activation of the shipped model agrees with slow exact arithmetic",
    metric: `largest difference of ${sites.length} activations and the logits, in units of the f32 tolerance`,
    op: "<=",
    threshold: 1,
    value: () => worst(model),
    control: {
      name: "one weight matrix 1 % larger",
      value: () => worst({config, weights: perturbed(weights, "blocks.1.up.weight", 1.01)})
    }
  });

  const few = texts.filter((_, i) => environment.size === "live" || i % 2 === 0);
  for (const [precision, name, note] of [
    ["f16", "half-precision weights", " (they are shipped as halves, so nothing is lost)"],
    ["i8", "8-bit weights", ""]
  ] as const)
    yield claim(environment, {
      claim: `${name} leave the shipped model's predictions as they are`,
      metric: `mean KL from its f32 predictions on held-out text, nats${note}`,
      op: "<=",
      threshold: 1e-3,
      value: () => klOf(environment, model, model, few, precision),
      control: {
        name: "4-bit weights",
        value: () => klOf(environment, model, {config, weights: rounded(weights, 7)}, few, "f32")
      }
    });
}

const klOf = (
  environment: Environment,
  exact: HostModel,
  other: HostModel,
  texts: readonly (readonly number[])[],
  precision: "f32" | "f16" | "i8"
): Promise<number> =>
  using(environment, exact, (p) =>
    using(environment, other, (q) => meanKl(p, q, texts), precision)
  );

/** The loss of knowing nothing but how often each token occurs in these texts, in nats per token. */
function unigramLoss(texts: readonly (readonly number[])[], vocab: number): number {
  const counts = new Float64Array(vocab);
  for (const text of texts) for (const id of text.slice(1)) counts[id] += 1;
  const total = counts.reduce((a, b) => a + b, 0);
  return -counts.reduce((sum, n) => sum + (n > 0 ? (n / total) * Math.log(n / total) : 0), 0);
}
