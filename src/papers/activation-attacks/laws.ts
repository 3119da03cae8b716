import {explained, fitLine, fitPower, fitThroughOrigin, type Line} from "../../fit/line.js";
import {fitHalfSuccess} from "../../fit/half-success.js";
import {attackResistance} from "../../model/attack/attack-resistance.js";
import {type AttackRow, FULL_BITS, TOKENS} from "../../model/attack/attack-rows.js";
import {type Band, bootstrap} from "../../tables/bootstrap.js";

/** Rows of one series, attacks of random direction left out. */
export interface Picked {
  readonly layer?: number;
  readonly dims: number;
  readonly bits?: number;
}

/** The number of tokens at which half are forced, and the band that other repetitions would give. */
export interface Forced extends Band {
  readonly a: number;
}

/** Draws of repetitions behind every band. */
const SAMPLES = 100;

export const pick = (
  rows: readonly AttackRow[],
  {layer = 0, dims, bits = FULL_BITS}: Picked
): AttackRow[] =>
  rows.filter(
    (row) => row.layer === layer && row.dims === dims && row.bits === bits && row.step > 0
  );

export const controls = (rows: readonly AttackRow[]): AttackRow[] =>
  rows.filter(({step, layer}) => step === 0 && layer !== TOKENS);

const different = (values: readonly number[]): number[] =>
  [...new Set(values)].sort((one, other) => one - other);

/** t_max of rows of one a, each repetition counted as often as it is in `reps`. */
function tMaxOf(rows: readonly AttackRow[], reps: readonly number[]): number {
  const times = new Map<number, number>();
  for (const rep of reps) times.set(rep, (times.get(rep) ?? 0) + 1);
  const sums = new Map<number, {hits: number; count: number}>();
  for (const {t, rep, success} of rows) {
    const count = times.get(rep) ?? 0;
    if (count === 0) continue;
    const before = sums.get(t) ?? {hits: 0, count: 0};
    sums.set(t, {hits: before.hits + count * success, count: before.count + count});
  }
  const means = Array.from(sums, ([t, {hits, count}]) => ({t, success: hits / count}));
  // a series that ended at its first t was forced at none
  return means.length > 1 ? fitHalfSuccess(means).tMax : means[0].t / 2;
}

/** t_max for every a of a series. */
export function forced(rows: readonly AttackRow[]): Forced[] {
  return different(rows.map(({a}) => a)).map((a) => {
    const its = rows.filter((row) => row.a === a);
    const reps = different(its.map(({rep}) => rep));
    const statistic = (drawn: readonly number[]) => tMaxOf(its, drawn);
    return {a, ...bootstrap(reps, {statistic, samples: SAMPLES, seed: a})};
  });
}

/** The slope of t_max on a, in tokens per activation. */
export function slopeOf(rows: readonly AttackRow[]): number {
  const reps = different(rows.map(({rep}) => rep));
  const as = different(rows.map(({a}) => a));
  const at = (a: number) =>
    tMaxOf(
      rows.filter((row) => row.a === a),
      reps
    );
  return fitLine(as.map((a) => [a, at(a)])).slope;
}

/** The number of controlled positions that the laws are fitted without. */
export const HELD_OUT = 8;

/** What a model's t_max does with a. */
export interface Law {
  readonly points: readonly Forced[];
  readonly line: Line;
  /** The slope of the line, and its band over repetitions. */
  readonly slope: Band;
  readonly proportional: Line;
  readonly power: number;
  /** The shares of variance that a line and a power law explain. */
  readonly r2: {readonly line: number; readonly power: number};
  /** What the line through all other points gives for the a that was held out. */
  readonly predicted: Band;
}

/** The laws of a model's t_max, fitted to all a, and to all but one to foretell that one. */
export function lawOf(rows: readonly AttackRow[]): Law {
  const points = forced(rows);
  const at = points.map(({a, value}) => [a, value] as const);
  const line = fitLine(at);
  const {factor, power} = fitPower(at);
  const reps = different(rows.map(({rep}) => rep));
  const byA = points.map(({a}) => ({a, rows: rows.filter((row) => row.a === a)}));
  // each draw of repetitions is fitted once for all of a
  const drawn = new Map<string, readonly (readonly [number, number])[]>();
  const resampled = (some: readonly number[]) => {
    const key = some.join(" ");
    const found = drawn.get(key) ?? byA.map((one) => [one.a, tMaxOf(one.rows, some)] as const);
    drawn.set(key, found);
    return found;
  };
  const band = (statistic: (points: readonly (readonly [number, number])[]) => number) =>
    bootstrap(reps, {
      ...{samples: SAMPLES, seed: 1},
      statistic: (some) => statistic(resampled(some))
    });
  return {
    points,
    line,
    slope: band((some) => fitLine(some).slope),
    proportional: fitThroughOrigin(at),
    power,
    r2: {line: line.r2, power: explained(at, (a) => factor * a ** power)},
    predicted: band((some) => {
      const {slope, intercept} = fitLine(some.filter(([a]) => a !== HELD_OUT));
      return intercept + slope * HELD_OUT;
    })
  };
}

/** Bits in for a bit out, by a line's slope, each number of an activation counted as so many bits. */
export const resistance = (
  {slope}: Law,
  {width, bits, choices}: {readonly width: number; readonly bits: number; readonly choices: number}
): Band => {
  const of = (tokensPerActivation: number) =>
    attackResistance({dims: width, bits, tokensPerActivation, choices});
  return {value: of(slope.value), low: of(slope.high), high: of(slope.low)};
};
