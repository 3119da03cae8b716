import {openTwin} from "../../model/twin-backend.js";
import type {HostTensor} from "../../model/weights.js";
import {mustHold, type Row} from "../claim.js";
import {type Environment, type HostModel, using} from "../environment.js";
import {allLogits, largestDifference, logSoftmaxRow} from "../measures.js";
import {perturbed} from "../weight-surgery.js";
import {randomModel} from "./random-files.js";
import {type FileShapes, gpt2Small, pythia70M, qwen3, smolLm} from "./shapes.js";
import {kept} from "../kept.js";

const TOKENS = 6;

/** What the logits of one pass differ by from exact ones. */
interface Difference {
  /** The largest of any position, in nats. */
  readonly kl: number;
  /** Positions whose ten likeliest tokens come in another order. */
  readonly reordered: number;
  /** The largest of any logit, of the range from the least logit to the largest. */
  readonly ofRange: number;
}

/** Random weights at the true shapes of models that readers have, read from files named as theirs. */
export async function* trueShapes(slug: string, environment: Environment): AsyncGenerator<Row> {
  const [llamaLayers, qwenLayers] = environment.size === "live" ? [30, 8] : [6, 2];
  const models: readonly (readonly [string, () => FileShapes])[] = [
    ["GPT-2 small", () => gpt2Small()],
    ["Pythia-70M", pythia70M],
    [`SmolLM-135M, a Llama, with ${llamaLayers} of its 30 layers`, () => smolLm(llamaLayers)],
    [`Qwen3-0.6B with ${qwenLayers} of its 28 layers`, () => qwen3(qwenLayers)]
  ];
  for (const [n, [name, shapes]] of models.entries()) {
    const model = randomModel(shapes(), 1000 * environment.seed + n + 1);
    const {vocab} = model.config;
    const tokens = Array.from({length: TOKENS}, (_, i) => (i * i * 7919 + 31 * i + 11) % vocab);
    const exact = await exactLogits(model, tokens);
    const differenceOf = (of: HostModel) =>
      using(environment, of, async (backend) => {
        const {logits} = await backend.forward(allLogits([tokens]));
        return differenceFrom(exact, logits!);
      });
    const found = kept(() => differenceOf(model));
    const block = Math.floor(model.config.layers / 2);
    const wrong = kept(() =>
      differenceOf({
        config: model.config,
        weights: perturbed(model.weights, `blocks.${block}.output.weight`, 1.1)
      })
    );
    const row = (claim: string, metric: string, threshold: number, of: keyof Difference) =>
      mustHold(slug, environment.seed, {
        claim: `random weights at the true shape of ${name}: ${claim}`,
        metric,
        op: "<=",
        threshold,
        value: async () => (await found())[of],
        control: {
          name: "attention's output of one layer 10 % larger",
          value: async () => (await wrong())[of]
        }
      });
    yield await row(
      "predictions equal to slow exact arithmetic's",
      `largest KL divergence of ${TOKENS} positions, nats`,
      1e-6,
      "kl"
    );
    yield await row(
      "the ten likeliest tokens in the same order",
      `positions of ${TOKENS} in another order`,
      0,
      "reordered"
    );
    yield await row(
      "logits equal to slow exact arithmetic's",
      `largest difference of ${TOKENS * vocab} logits, of their range`,
      1e-5,
      "ofRange"
    );
  }
}

async function exactLogits(
  {config, weights}: HostModel,
  tokens: readonly number[]
): Promise<HostTensor> {
  const twin = await openTwin(config, weights);
  return (await twin.forward(allLogits([tokens]))).logits!;
}

function differenceFrom(exact: HostTensor, {data}: HostTensor): Difference {
  const vocab = exact.shape.at(-1)!;
  let [kl, reordered, least, most] = [0, 0, Infinity, -Infinity];
  for (let start = 0; start < exact.data.length; start += vocab) {
    const [ours, theirs] = [data, exact.data].map((of) => of.subarray(start, start + vocab));
    const [q, p] = [logSoftmaxRow(ours), logSoftmaxRow(theirs)];
    kl = Math.max(
      kl,
      p.reduce((sum, v, i) => sum + Math.exp(v) * (v - q[i]), 0)
    );
    if (likeliest(ours).join() !== likeliest(theirs).join()) reordered += 1;
    for (const v of theirs) [least, most] = [Math.min(least, v), Math.max(most, v)];
  }
  const ofRange = largestDifference(data, exact.data) / (most - least);
  return {kl: Number.isNaN(kl) ? Infinity : kl, reordered, ofRange};
}

const likeliest = (logits: Float32Array): number[] =>
  Array.from(logits.keys())
    .sort((a, b) => logits[b] - logits[a])
    .slice(0, 10);
