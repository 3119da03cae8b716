import type {Shape} from "../../gpu/shape.js";
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
  {clean, corrupt, site, answer, wrong, ...job}: PatchEachOptions & JobOptions
): Promise<PatchedCell[]> {
  const contrast = contrastOf("patchEach", model.tokenizer, {answer, wrong});
  const {sites, from, to} = pairOf("patchEach", model, {clean, corrupt, site});
  job.signal?.throwIfAborted();
  const [cleanIds, corruptIds] = [from, to].map((tokens) => tokens.map(({id}) => id));
  const plain = await model.backend.forward({
    ...{tokens: [cleanIds, corruptIds], sites, edits: []},
    ...{logits: "last", top: 0, lens: 0}
  });
  const [top, bottom] = contrast(plain);
  const cells = sites.flatMap((one) => {
    const values = plain.activations.get(one)!;
    return cellsOf(one, values.shape).map((cell) => ({
      ...cell,
      edit: {...cell.edit, value: valuesAt(values, cell)}
    }));
  });
  const row = rowOf("patchEach", {from, to, top, bottom});
  const edits = cells.map(({edit}) => edit);
  const differences = await contrastUnderEach(model, corruptIds, edits, contrast, job);
  return cells.map((cell, i) => row(cell, differences[i]));
}

/**
 * Two prompts whose positions match, and the sites at which one's activations are put into the other.
 *
 * @throws {PromptError} if they differ in their token counts.
 * @throws {SiteError} if the site has no row for each token.
 */
export function pairOf(
  where: string,
  model: SweepModel,
  {clean, corrupt, site = "blocks.*.hook_resid_pre"}: Omit<PatchEachOptions, keyof Answers>
): {readonly sites: Site[]; readonly from: Token[]; readonly to: Token[]} {
  const sites = matchSites([site], model.config);
  checkRows(where, sites[0]);
  const [from, to] = [clean, corrupt].map((prompt) => model.tokenize(prompt));
  if (from.length !== to.length)
    throw new PromptError(
      `${where}: clean and corrupt must have equally many tokens so that their positions match, got ${from.length} and ${to.length}`
    );
  return {sites, from, to};
}

interface Ends {
  readonly from: readonly Token[];
  readonly to: readonly Token[];
  /** The logit difference of the clean prompt, and of the corrupt one. */
  readonly top: number;
  readonly bottom: number;
}

/**
 * Makes the row of a cell from the logit difference that its patch gives.
 *
 * @throws {PromptError} if the two prompts do not differ in theirs.
 */
export function rowOf(
  where: string,
  {from, to, top, bottom}: Ends
): (cell: Cell, difference: number) => PatchedCell {
  if (Math.abs(top - bottom) < LEAST)
    throw new PromptError(
      `${where}: clean and corrupt must differ in their logit differences so that an effect has a scale, got ${top.toFixed(4)} and ${bottom.toFixed(4)}`
    );
  return ({layer, pos, head}, difference) => ({
    layer,
    ...(pos !== undefined && {pos, token: to[pos].text, clean_token: from[pos].text}),
    ...(head !== undefined && {head}),
    difference,
    recovered: (difference - bottom) / (top - bottom)
  });
}

function checkRows(where: string, site: Site): void {
  const axes = siteAxes(site);
  if (axes[1] !== "pos")
    throw new SiteError(
      `${where}: site must have a row for each token, such as "blocks.*.hook_resid_pre" or "blocks.*.attn.hook_z", got "${site}", whose axes are ${axes.join(", ")}`
    );
}

/** One position of an activation, or one head of it. */
export interface Cell {
  readonly layer: number | null;
  readonly pos?: number;
  readonly head?: number;
  readonly edit: Omit<Edit, "value">;
}

/** The cells of an activation `[batch, pos, d_model]` or `[batch, pos, head, d_head]`. */
export function cellsOf(site: Site, shape: Shape): Cell[] {
  const layer = siteLayer(site);
  const edit = {site, op: "replace"} as const;
  return shape.length === 3
    ? Array.from({length: shape[1]}, (_, pos) => ({layer, pos, edit: {...edit, pos: [pos]}}))
    : Array.from({length: shape[2]}, (_, head) => ({layer, head, edit: {...edit, head: [head]}}));
}

/** The first sequence's values at a cell. */
export function valuesAt({shape, data}: HostTensor, {pos, head}: Cell): Float32Array {
  const width = shape.at(-1)!;
  if (pos !== undefined) return data.slice(pos * width, (pos + 1) * width);
  const [, tokens, heads] = shape;
  const values = new Float32Array(tokens * width);
  for (let at = 0; at < tokens; at++) {
    const start = (at * heads + head!) * width;
    values.set(data.subarray(start, start + width), at * width);
  }
  return values;
}
