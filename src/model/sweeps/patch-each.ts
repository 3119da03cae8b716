import type {Backend} from "../backend.js";
import type {ModelConfig} from "../config.js";
import type {Edit} from "../edits.js";
import type {JobOptions} from "../job.js";
import {PromptError} from "../request.js";
import type {Token} from "../run.js";
import {matchSites, type Site, siteAxes, SiteError, siteLayer, type SitePattern} from "../sites.js";
import type {Tokenizer} from "../tokenizer.js";
import type {HostTensor} from "../weights.js";
import {type Answers, contrastOf} from "./contrast.js";
import {contrastUnderEach} from "./edited-passes.js";

/** What a sweep needs of a model. */
export interface SweepModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  readonly backend: Backend;
  tokenize(prompt: string): Token[];
}

export interface PatchEachOptions extends Answers {
  /** The prompt whose activations are taken. */
  readonly clean: string;
  /** The prompt that gets them, of as many tokens. */
  readonly corrupt: string;
  /** Where; `blocks.*.hook_resid_pre` when left out. A site with heads is patched head by head. */
  readonly site?: SitePattern;
}

/** The corrupt prompt with one activation of the clean one. */
export interface PatchedCell {
  /** Null at a site outside the blocks. */
  readonly layer: number | null;
  /** Where one position is patched. */
  readonly pos?: number;
  /** The corrupt prompt's token there. */
  readonly token?: string;
  readonly clean_token?: string;
  /** Where one head is patched, at every position. */
  readonly head?: number;
  /** Logit of the answer less that of the wrong one, at the last position. */
  readonly difference: number;
  /** The same on a scale where the corrupt prompt is 0 and the clean one 1. */
  readonly recovered: number;
}

/** Below this logit difference, what the prompts differ by is rounding. */
const LEAST = 1e-3;

/**
 * Activation patching, layer by layer and position by position or head by head (Meng et al., "Locating
 * and Editing Factual Associations in GPT", 2022; Heimersheim and Nanda, "How to use and interpret
 * activation patching", 2024).
 *
 * @throws {PromptError} if the prompts differ in their token counts, or not in their answers.
 * @throws {SiteError} if the site has no row for each token.
 */
export async function patchEach(
  model: SweepModel,
  {
    clean,
    corrupt,
    site = "blocks.*.hook_resid_pre",
    answer,
    wrong,
    ...job
  }: PatchEachOptions & JobOptions
): Promise<PatchedCell[]> {
  const {config, backend, tokenizer} = model;
  const contrast = contrastOf("patchEach", tokenizer, {answer, wrong});
  const sites = matchSites([site], config);
  checkRows(sites[0]);
  const [from, to] = [clean, corrupt].map((prompt) => model.tokenize(prompt));
  if (from.length !== to.length)
    throw new PromptError(
      `patchEach: clean and corrupt must have equally many tokens so that their positions match, got ${from.length} and ${to.length}`
    );
  job.signal?.throwIfAborted();
  const [cleanIds, corruptIds] = [from, to].map((tokens) => tokens.map(({id}) => id));
  const plain = await backend.forward({
    ...{tokens: [cleanIds, corruptIds], sites, edits: []},
    ...{logits: "last", top: 0, lens: 0}
  });
  const [top, bottom] = contrast(plain);
  if (Math.abs(top - bottom) < LEAST)
    throw new PromptError(
      `patchEach: clean and corrupt must differ in their logit differences so that an effect has a scale, got ${top.toFixed(4)} and ${bottom.toFixed(4)}`
    );
  const cells = sites.flatMap((one) => cellsOf(one, plain.activations.get(one)!));
  const edits = cells.map(({edit}) => edit);
  const differences = await contrastUnderEach(model, corruptIds, edits, contrast, job);
  return cells.map(({layer, pos, head}, i) => ({
    layer,
    ...(pos !== undefined && {pos, token: to[pos].text, clean_token: from[pos].text}),
    ...(head !== undefined && {head}),
    difference: differences[i],
    recovered: (differences[i] - bottom) / (top - bottom)
  }));
}

function checkRows(site: Site): void {
  const axes = siteAxes(site);
  if (axes[1] !== "pos")
    throw new SiteError(
      `patchEach: site must have a row for each token, such as "blocks.*.hook_resid_pre" or "blocks.*.attn.hook_z", got "${site}", whose axes are ${axes.join(", ")}`
    );
}

interface Cell {
  readonly layer: number | null;
  readonly pos?: number;
  readonly head?: number;
  readonly edit: Edit;
}

/** The edits that put the first sequence's values into another's, a position or a head at a time. */
function cellsOf(site: Site, {shape, data}: HostTensor): Cell[] {
  const layer = siteLayer(site);
  if (shape.length === 3) {
    const [, tokens, width] = shape;
    return Array.from({length: tokens}, (_, pos) => {
      const value = data.slice(pos * width, (pos + 1) * width);
      return {layer, pos, edit: {site, op: "replace", value, pos: [pos]}};
    });
  }
  const [, tokens, heads, width] = shape;
  return Array.from({length: heads}, (_, head) => {
    const value = new Float32Array(tokens * width);
    for (let pos = 0; pos < tokens; pos++) {
      const start = (pos * heads + head) * width;
      value.set(data.subarray(start, start + width), pos * width);
    }
    return {layer, head, edit: {site, op: "replace", value, head: [head]}};
  });
}
