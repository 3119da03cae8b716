import {seeded} from "../../corpus/random.js";
import {LABEL_KINDS} from "../../corpus/token-labels.js";
import {normals} from "../../kernels/normals.js";
import type {Backend} from "../../model/backend.js";
import type {Checkpoint} from "../../model/checkpoint.js";
import type {Dictionary} from "../../model/dictionary.js";
import {generatedDocuments, packCorpus, windowCount, windowTokens} from "../../recording/corpus.js";
import {FEWEST} from "../../recording/label-match.js";
import {isFound, type Row} from "../claim.js";
import type {Environment} from "../environment.js";
import {untrained} from "../weight-surgery.js";
import {type LabelledTokens, toldLabels} from "./told-labels.js";
import {drawnRows, featureValues, randomRows, readerOf, siteValues} from "./unit-values.js";

/** The model whose features are asked, with a transcoder for each layer. */
export interface AskedModel extends Pick<Checkpoint, "config" | "weights" | "tokenizer"> {
  readonly backend: Backend;
  readonly transcoders: readonly Dictionary[];
}

interface Amounts {
  /** Of generated text, for each half of the templates. */
  readonly characters: number;
  readonly layers: readonly number[];
}

const amounts: Readonly<Record<Environment["size"], Amounts>> = {
  ci: {characters: 15_000, layers: [0]},
  live: {characters: 90_000, layers: [0, 1, 2, 3, 4, 5]}
};

const slug = "transcoder-circuits";
const GOOD = 0.8;

const setting = {
  theirs:
    "GPT-2 small; 41 of 50 features interpretable to one reader, 38 of 50 of an autoencoder's",
  ours: "house-3m; labels that the text's generator knows, features chosen on half of its templates"
};

type Pool =
  | "features"
  /** Features, as many as there are neurons. */
  | "some features"
  | "neurons"
  | "directions"
  | "random model"
  /** Features, their labels moved along the text. */
  | "moved labels";

/** By how many tokens labels are moved. */
const MOVED = 101;

/** Which of the generator's labels single features tell, beside as many neurons, directions, and features of a random model. */
export async function* labelRecovery(
  environment: Pick<Environment, "size" | "seed" | "open">,
  asked: AskedModel
): AsyncGenerator<Row> {
  const {seed, size} = environment;
  const text = halvesOf(asked, amounts[size].characters, seed);
  const told = await toldByPool(environment, asked, text, amounts[size].layers);
  const share = (pool: Pool, kind?: string): number => {
    const labels = text.wanted.filter((l) => kind === undefined || text.kinds[l] === kind);
    return labels.filter((l) => told[pool][l] >= GOOD).length / Math.max(1, labels.length);
  };
  const beside = [
    {name: "as many neurons as there are", value: share("neurons")},
    {name: "features, as many as neurons", value: share("some features")},
    {name: "as many random directions", value: share("directions")},
    ...LABEL_KINDS.map((kind) => ({name: `features: ${kind}`, value: share("features", kind)}))
  ];
  yield await isFound(
    slug,
    seed,
    {
      setting,
      claim: "single features tell most of what is true of the text",
      metric: `share of ${text.wanted.length} labels that one feature tells with F1 ≥ ${GOOD} on the half of the templates that did not choose it`,
      reported: "a rating by one reader, no labels",
      op: ">=",
      threshold: 0.6,
      partly: 0.3,
      beside,
      value: () => Promise.resolve(share("features")),
      control: {
        name: "as many features of a random model",
        value: () => Promise.resolve(share("random model"))
      }
    },
    "not-here"
  );
  const over = (pool: Pool, rival: Pool) =>
    share(pool) / Math.max(1 / text.wanted.length, share(rival));
  const ratios = [
    {name: "over as many neurons", value: over("some features", "neurons")},
    {name: "over as many directions", value: over("features", "directions")},
    {name: "over as many features of a random model", value: over("features", "random model")}
  ];
  yield await isFound(
    slug,
    seed,
    {
      setting,
      claim:
        "features tell more labels than as many neurons, directions or features of a random model",
      metric: "labels told, as a multiple of those that the best of the three tells",
      op: ">=",
      threshold: 2,
      partly: 1.2,
      beside: ratios,
      value: () => Promise.resolve(Math.min(...ratios.map(({value}) => value))),
      control: {
        name: `the same features, labels moved by ${MOVED} tokens`,
        value: () => Promise.resolve(over("moved labels", "neurons"))
      }
    },
    "holds-here"
  );
}

interface Halves {
  readonly windows: readonly (readonly number[])[];
  /** Of tokens, those of the training half; the others follow. */
  readonly split: number;
  readonly train: LabelledTokens;
  readonly heldout: LabelledTokens;
  /** Of each label. */
  readonly kinds: readonly string[];
  /** Labels of enough tokens in both halves. */
  readonly wanted: readonly number[];
}

function halvesOf({config, tokenizer}: AskedModel, characters: number, seed: number): Halves {
  const names = new Map<string, number>();
  const draw = (part: "train" | "heldout", from: number) =>
    generatedDocuments(tokenizer, names, {part, characters, seed: 1000 * seed + from});
  const documents = [draw("train", 11), draw("heldout", 12)];
  const corpora = documents.map((half) => packCorpus(half, names, config.context));
  const [train, heldout] = corpora.map((corpus): LabelledTokens & {windows: number[][]} => {
    // whole windows only, so that every pass is of one size
    const windows = Array.from({length: windowCount(corpus) - 1}, (_, w) =>
      windowTokens(corpus, w)
    );
    const labels = Array.from({length: windows.length * config.context}, (_, t) =>
      Array.from(corpus.labelIds.subarray(corpus.labelStarts[t], corpus.labelStarts[t + 1]))
    );
    const counts = new Uint32Array(names.size);
    for (const list of labels) for (const label of list) counts[label]++;
    return {windows, labels, counts};
  });
  return {
    ...{train, heldout, windows: [...train.windows, ...heldout.windows]},
    split: train.labels.length,
    kinds: corpora[0].labels.map(({kind}) => kind),
    wanted: [...names.values()].filter(
      (label) => train.counts[label] >= FEWEST && heldout.counts[label] >= FEWEST
    )
  };
}

async function toldByPool(
  environment: Pick<Environment, "size" | "seed" | "open">,
  {config, weights, backend, transcoders}: AskedModel,
  text: Halves,
  layers: readonly number[]
): Promise<Readonly<Record<Pool, Float64Array>>> {
  const {seed} = environment;
  const [random, normal] = [seeded(1000 * seed + 13), normals(1000 * seed + 14)];
  const {windows, split, wanted} = text;
  const {hidden, width} = config;
  const asked = layers.map((layer) => transcoders[layer]);
  const count = asked[0].encoder.bias.shape[0];
  const all = [...Array(count).keys()];
  const told = (units: readonly Float32Array[], of: Pick<Halves, "train" | "heldout"> = text) =>
    toldLabels(
      units.map((values) => ({train: values.subarray(0, split), heldout: values.subarray(split)})),
      of,
      wanted
    );
  const values = await featureValues(backend, asked, windows, all);
  const chosen = new Set(random.sample(all, Math.min(hidden, count)));
  const features = told(values);
  const some = told(values.filter((_, i) => chosen.has(i % count)));
  const movedLabels = told(values, {train: moved(text.train), heldout: moved(text.heldout)});
  const neurons = told(
    await siteValues(
      backend,
      layers.map((layer) => `blocks.${layer}.mlp.hook_post` as const),
      windows
    )
  );
  const aimless = asked.map((one, i) =>
    readerOf(one, `directions${i}`, randomRows(count, width, normal), "relu")
  );
  const directions = told(await featureValues(backend, aimless, windows, all));
  for (const one of aimless) backend.forget(one);
  const untaught = await environment.open({
    config,
    weights: untrained(weights, normals(1000 * seed + 15))
  });
  try {
    const sites = asked.map(({input}) => input);
    const {activations} = await untaught.forward({
      ...{tokens: windows.slice(0, 16), sites, edits: [], logits: "none", top: 0, lens: 0}
    });
    const drawn = asked.map((one, i) =>
      readerOf(
        one,
        `drawn${i}`,
        drawnRows(activations.get(one.input)!, width, count, random),
        "top-k"
      )
    );
    const randomModel = told(await featureValues(untaught, drawn, windows, all));
    return {
      ...{features, neurons, directions, "some features": some},
      ...{"random model": randomModel, "moved labels": movedLabels}
    };
  } finally {
    untaught.dispose();
  }
}

const moved = ({labels, counts}: LabelledTokens): LabelledTokens => ({
  labels: [...labels.slice(MOVED), ...labels.slice(0, MOVED)],
  counts
});
