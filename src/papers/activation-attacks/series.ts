import type {AttackedModel} from "../../model/attack/attack.js";
import {
  type Attacker,
  type AttackRow,
  attackRows,
  FULL_BITS,
  tokenAttackRows,
  TOKENS
} from "../../model/attack/attack-rows.js";
import type {ModelConfig} from "../../model/config.js";

/** Attacks that differ in the number of tokens to force only. */
export interface Series {
  /** `TOKENS` for attacks on the tokens themselves. */
  readonly layer: number;
  readonly a: number;
  readonly dims: number;
}

/** How a model's attacks are made. */
export interface Settings {
  /** Repetitions: contexts, each with tokens of its own to force. */
  readonly reps: number;
  /** Repetitions of attacks on tokens. */
  readonly tokenReps: number;
  /** Of Adam at most. */
  readonly steps: number;
  /** Of Adam, in units of the stream. */
  readonly learningRate: number;
  /** To which what was found is rounded. */
  readonly bits: readonly number[];
}

export const settings: Settings = {
  ...{reps: 10, tokenReps: 4, steps: 100, learningRate: 0.3},
  bits: [16, 8, 4, 3, 2]
};

/** Numbers of tokens to force. */
const TS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96];
/** A series ends where less than this share of the tokens is forced. */
const ENOUGH = 0.2;

/** The numbers of tokens that a series goes through: from about a third of a, where most is forced. */
export const tokensToForce = (a: number, most: number): number[] => {
  const from = TS.findLastIndex((t) => t <= Math.max(1, a / 3));
  return TS.slice(from).filter((t) => t <= most);
};

/** Every series of a model: over a; over the share of channels; over layers; on tokens. */
export function allSeries({width, layers}: ModelConfig, isSmall: boolean): Series[] {
  const as = isSmall ? [1, 2, 3, 4, 6, 8, 12, 16] : [1, 2, 3, 4, 6, 8];
  const some = isSmall ? [4, 8, 16] : [4];
  const shares = isSmall ? [0.25, 0.5, 0.75] : [0.5];
  const deeper = Array.from({length: layers - 1}, (_, i) => i + 1);
  const middle = Math.floor(layers / 2);
  return [
    ...as.map((a) => ({layer: 0, a, dims: width})),
    ...shares.flatMap((share) => some.map((a) => ({layer: 0, a, dims: Math.round(share * width)}))),
    ...deeper
      .filter((layer) => isSmall || layer === middle)
      .flatMap((layer) => some.map((a) => ({layer, a, dims: width}))),
    ...(isSmall ? [2, 4, 8] : []).map((a) => ({layer: TOKENS, a, dims: 1}))
  ];
}

/** A series' rows, from few tokens to more, up to the first number of which less than a fifth is forced. */
export async function* seriesRows(
  model: AttackedModel,
  {layer, a, dims}: Series,
  {
    contexts,
    tokens,
    seed,
    signal,
    attacker,
    ...how
  }: Settings & {
    readonly contexts: readonly (readonly number[])[];
    readonly tokens: readonly number[];
    readonly seed: number;
    readonly signal?: AbortSignal;
    readonly attacker?: Attacker;
  }
): AsyncGenerator<AttackRow, void, void> {
  const {steps, learningRate, bits, reps, tokenReps} = how;
  const isTokens = layer === TOKENS;
  const some = contexts.slice(0, isTokens ? tokenReps : reps);
  const ts = isTokens
    ? TS.slice(0, 6)
    : tokensToForce(a, model.config.context - some[0].length + 1);
  for (const t of ts) {
    const size = {contexts: some, a, t, tokens, seed, signal};
    const rows = isTokens
      ? await tokenAttackRows(model, size)
      : await attackRows(model, {...size, layer, dims, bits, steps, learningRate}, attacker);
    yield* rows;
    const whole = rows.filter((row) => isTokens || (row.bits === FULL_BITS && row.step > 0));
    if (whole.reduce((sum, {success}) => sum + success, 0) < ENOUGH * whole.length) return;
  }
}
