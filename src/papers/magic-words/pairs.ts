import {isJsonObject, ModelFileError, parseJsonObject} from "../../model/model-file-error.js";
import type {ModelFiles} from "../../model/model-files.js";
import type {ControlledModel} from "../../model/search/control.js";
import {draws} from "../../model/search/draws.js";
import {lastLogits} from "../../model/search/last-logits.js";
import {Meter} from "../../model/search/meter.js";
import {rankOf, summary} from "../../model/search/next-token.js";

/** Text that a model was not trained on, as token ids. */
export interface HeldOut {
  readonly windows: readonly {readonly source: string; readonly tokens: readonly number[]}[];
}

/** The held-out text that is shipped with a model. */
export async function readHeldOut(files: Pick<ModelFiles, "read">): Promise<HeldOut> {
  const {windows} = parseJsonObject(await files.read("heldout.json"), "heldout.json");
  if (!Array.isArray(windows) || !windows.every(isWindow))
    throw new ModelFileError("heldout.json: windows must hold 91 token ids each, got others");
  return {windows};
}

const isWindow = (window: unknown): window is HeldOut["windows"][number] =>
  isJsonObject(window) &&
  typeof window.source === "string" &&
  Array.isArray(window.tokens) &&
  window.tokens.length > 90 &&
  window.tokens.every(Number.isInteger);

/** How targets are chosen: the text's next token, one of the model's 75 likeliest, or any of the vocabulary. */
export const targetKinds = ["true-next", "top-75", "uniform-rank"] as const;
export type TargetKind = (typeof targetKinds)[number];

export interface State {
  /** Among all states of its text, from 0. */
  readonly place: number;
  /** Window, first token and length, as in `3@20+8`. */
  readonly id: string;
  readonly tokens: readonly number[];
  /** What the text goes on with. */
  readonly next: number;
}

export interface Target {
  readonly target: number;
  readonly kind: TargetKind;
  /** Behind the state alone: 1 for the likeliest. */
  readonly rank: number;
  /** −log p there, in nats. */
  readonly baseLoss: number;
}

/**
 * Where a state of each length begins in its window, so that no two share a token: with ten tokens of
 * prompt and the begin token the longest is 32 long.
 */
const PLACES = [
  {start: 20, length: 8},
  {start: 40, length: 14},
  {start: 70, length: 21}
] as const;

/** The lengths of states, in tokens. */
export const stateLengths = PLACES.map(({length}) => length);

/** Coprime to the number of states. */
const STRIDE = 37;

/**
 * States of 8, 14 and 21 tokens from every window: the lengths in turn, and the windows so that the
 * first few states are of all sources.
 */
export function statesOf({windows}: HeldOut): State[] {
  const all = windows.flatMap(({tokens}, window) =>
    PLACES.map(({start, length}) => ({
      id: `${window}@${start}+${length}`,
      tokens: tokens.slice(start, start + length),
      next: tokens[start + length]
    }))
  );
  return all.map((_, i) => {
    const place = (i * STRIDE) % all.length;
    return {place, ...all[place]};
  });
}

/**
 * Tokens that are wanted behind a state: what the text goes on with, then so many of each other kind,
 * none twice, and none that begins or ends a text.
 */
export async function targetsOf(
  model: ControlledModel,
  {tokens, next}: Pick<State, "tokens" | "next">,
  {each, seed}: {readonly each: number; readonly seed: number}
): Promise<Target[]> {
  const {vocab} = model.config;
  const {begin, end} = model.tokenizer;
  let logits = new Float32Array();
  for await (const {rows} of lastLogits(model, tokens, [[]], {meter: new Meter()}))
    logits = rows[0].slice();
  const byRank = Array.from({length: vocab}, (_, id) => id)
    .filter((id) => id !== begin && id !== end)
    .sort((a, b) => logits[b] - logits[a]);
  const draw = draws(seed, 1);
  const {logSum} = summary(logits);
  const targets: Target[] = [];
  const add = (target: number, kind: TargetKind) =>
    targets.push({target, kind, rank: rankOf(logits, target), baseLoss: logSum - logits[target]});
  add(next, "true-next");
  for (const [kind, among] of [
    ["top-75", byRank.slice(0, 75)],
    ["uniform-rank", byRank]
  ] as const) {
    const left = among.filter((id) => targets.every(({target}) => target !== id));
    for (let i = 0; i < each; i++) add(left.splice(draw(left.length), 1)[0], kind);
  }
  return targets;
}
