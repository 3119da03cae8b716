import type {Edit} from "../edits.js";
import type {JobOptions} from "../job.js";
import {PromptError} from "../request.js";
import type {Run} from "../run.js";
import type {BatchRunner} from "../run-all.js";
import {runAll} from "../run-all.js";
import {matchSites, type Site} from "../sites.js";
import {type Answers, contrastOf} from "./contrast.js";
import {contrastUnderEach} from "./edited-passes.js";
import type {SweepModel} from "./patch-each.js";

export interface AblateHeadsOptions extends Answers {
  /** What a head gives instead: nothing, or its mean over the tokens of `over`; `zero` when left out. */
  readonly with?: "zero" | "mean";
  /** Prompts to take the mean over. */
  readonly over?: readonly string[];
}

/** A prompt without one head. */
export interface AblatedHead {
  readonly layer: number;
  readonly head: number;
  /** Logit of the answer less that of the wrong one, at the last position. */
  readonly difference: number;
  /** How far that is from the model as it is; negative where the head helps the answer. */
  readonly effect: number;
}

/**
 * What each head's removal, at every position, does to the logit difference of two answers.
 *
 * @throws {PromptError} if an answer is not one token, or a mean is asked for without prompts.
 */
export async function ablateHeads(
  model: SweepModel & BatchRunner<Run>,
  prompt: string,
  {answer, wrong, with: how = "zero", over = [], ...job}: AblateHeadsOptions & JobOptions
): Promise<AblatedHead[]> {
  const {config, backend, tokenizer} = model;
  const contrast = contrastOf("ablateHeads", tokenizer, {answer, wrong});
  if (how !== "zero" && how !== "mean")
    throw new PromptError(`ablateHeads: with must be "zero" or "mean", got ${JSON.stringify(how)}`);
  if (how === "mean" && over.length === 0)
    throw new PromptError(
      'ablateHeads: over must be a list of prompts for a "mean" to be taken over, got none'
    );
  const tokens = model.tokenize(prompt).map(({id}) => id);
  job.signal?.throwIfAborted();
  const sites = matchSites(["blocks.*.attn.hook_z"], config);
  const means = how === "mean" ? await headMeans(model, sites, over, job) : undefined;
  const heads = sites.flatMap((site, layer) =>
    Array.from({length: config.heads}, (_, head) => {
      const value = means?.[layer].subarray(head * config.headWidth, (head + 1) * config.headWidth);
      const edit: Edit = {site, op: "replace", value: value ?? 0, head: [head]};
      return {layer, head, edit};
    })
  );
  const plain = await backend.forward({
    ...{tokens: [tokens], sites: [], edits: []},
    ...{logits: "last", top: 0, lens: 0}
  });
  const [before] = contrast(plain);
  const edits = heads.map(({edit}) => edit);
  const differences = await contrastUnderEach(model, tokens, edits, contrast, job);
  return heads.map(({layer, head}, i) => ({
    ...{layer, head},
    difference: differences[i],
    effect: differences[i] - before
  }));
}

/** The mean of each layer's `[head, d_head]` over all tokens of all prompts. */
async function headMeans(
  model: BatchRunner<Run>,
  sites: readonly Site[],
  prompts: readonly string[],
  {signal}: JobOptions
): Promise<Float32Array[]> {
  const {heads, headWidth} = model.config;
  const width = heads * headWidth;
  const sums = sites.map(() => new Float64Array(width));
  let count = 0;
  await runAll(
    model,
    prompts.map((text) => ({text})),
    {
      ...{prompt: "text", cache: sites, top: 0, signal},
      of: (run) => {
        count += run.tokens.length;
        for (const [layer, site] of sites.entries())
          run.activation(site).data.forEach((v, i) => (sums[layer][i % width] += v));
        return {};
      }
    }
  );
  return sums.map((sum) => Float32Array.from(sum, (v) => v / count));
}
