import {forced, HELD_OUT, type Law, lawOf, pick, resistance, slopeOf} from "./laws.js";
import {type AttackRow, FULL_BITS, TOKENS} from "../../model/attack/attack-rows.js";
import {parseRowFile} from "../../tables/row-file.js";

/** What is stored of a model's attacks. */
export interface Measured {
  readonly model: string;
  readonly width: number;
  /** Tokens among which those to force were drawn. */
  readonly choices: number;
  readonly rows: readonly AttackRow[];
  /** Of vectors before the first block, all channels controlled. */
  readonly law: Law;
}

/** Reads a file of `data/tables/attacks`. */
export function readMeasured(model: string, bytes: Uint8Array): Measured {
  const {rows: found, about} = parseRowFile(new TextDecoder().decode(bytes), model);
  const rows = found as unknown as readonly AttackRow[];
  const width = Math.max(...rows.map(({dims}) => dims));
  const choices = about.tokens as number;
  return {model, width, choices, rows, law: lawOf(pick(rows, {dims: width}))};
}

/** The slope of t_max on a with every number rounded. */
export const roundedSlope = ({rows, width}: Measured, bits: number): number =>
  slopeOf(pick(rows, {dims: width, bits}));

/** Bits in for a bit out, each number counted as so many bits. */
export const resistanceOf = ({law, width, choices}: Measured, bits: number) =>
  resistance(law, {width, bits, choices});

/** t_max of a part of the channels, as a share of t_max of all, at one a. */
export function partOf({rows, width}: Measured, dims: number, a: number): number {
  const of = (count: number) =>
    forced(pick(rows, {dims: count}).filter((row) => row.a === a))[0].value;
  return of(dims) / of(width);
}

/** t_max of vectors before a deeper block, as a share of that before the first, at one a. */
export function deeper({rows, width}: Measured, layer: number, a: number): number {
  const at = (one: number) =>
    forced(pick(rows, {layer: one, dims: width}).filter((row) => row.a === a))[0].value;
  return at(layer) / at(0);
}

/** t_max of so many tokens that are chosen. */
export function byTokens({rows}: Measured, a: number): number {
  return forced(rows.filter((row) => row.layer === TOKENS && row.a === a))[0].value;
}

/** t_max of vectors of random direction and equal norm. */
export const byChance = ({rows, width}: Measured): {a: number; value: number}[] =>
  forced(
    rows.filter(
      ({layer, dims, bits, step}) =>
        layer === 0 && dims === width && bits === FULL_BITS && step === 0
    )
  );

/** Points whose a are dealt out anew: what a law must not fit. */
export function dealtAnew({points}: Law): (readonly [number, number])[] {
  const half = Math.floor(points.length / 2);
  return points.map(({a}, i) => [a, points[(i + half) % points.length].value]);
}

/** Whether what was held out lies within the band that the others foretell. */
export function isForetold({points, predicted}: Law, guess = predicted.value): boolean {
  const {value} = points.find(({a}) => a === HELD_OUT)!;
  const [below, above] = [predicted.value - predicted.low, predicted.high - predicted.value];
  return value >= guess - below && value <= guess + above;
}
