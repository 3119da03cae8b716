import {keyOf, philox, unitInterval} from "../../kernels/philox.js";
import {BEGIN, classes, FILLER, idOf, ONES, SEPARATORS, successor, TENS} from "./classes.js";

/** What a model is told beside lists: nothing more, or also the digits of numbers. */
export type Facts = "none" | "digits";

/** Tokens that a model reads at once. */
export const CONTEXT = 32;

/** A part of a text, and where in it the successor of the token before last comes next. */
interface Part {
  readonly tokens: readonly string[];
  /** Indices of separators, each behind a member and before its successor. */
  readonly asks: readonly number[];
}

/** A text with its lists' questions. */
export interface ListText {
  /** `[CONTEXT + 1]` token ids, the first of them `BEGIN`. */
  readonly ids: readonly number[];
  /** Positions of separators whose next token is a successor that the window still holds. */
  readonly asks: readonly number[];
}

/** How often each kind of part is drawn. */
const shares: Readonly<Record<Facts, readonly (readonly [Kind, number])[]>> = {
  none: [
    ["list", 0.75],
    ["copy", 0.15],
    ["filler", 0.1]
  ],
  digits: [
    ["list", 0.45],
    ["starts", 0.1],
    ["ends", 0.25],
    ["copy", 0.12],
    ["filler", 0.08]
  ]
};
type Kind = "list" | "copy" | "starts" | "ends" | "filler";

type Draw = (below: number) => number;
const numbers = classes[0];
const members = classes.flatMap((of, kind) => of.members.map((_, index) => ({kind, index})));

const parts: Readonly<Record<Kind, (draw: Draw) => Part>> = {
  list(draw) {
    const {kind, index} = members[draw(members.length)];
    const separator = SEPARATORS[draw(SEPARATORS.length)];
    const length = 3 + draw(4);
    const of = classes[kind];
    const tokens = [of.members[index]];
    const asks: number[] = [];
    for (let at = index, i = 1; i < length; at = (at + 1) % of.members.length, i++) {
      const next = successor(of, at);
      if (next === undefined) break;
      asks.push(tokens.length);
      tokens.push(separator, next);
    }
    return {tokens, asks};
  },
  copy(draw) {
    const {kind, index} = members[draw(members.length)];
    const token = classes[kind].members[index];
    const tokens = Array.from({length: 3 + draw(2)}, () => [token, "again"]).flat();
    return {tokens: tokens.slice(0, -1), asks: []};
  },
  starts(draw) {
    const number = draw(numbers.members.length);
    return {tokens: [numbers.members[number], "starts", TENS[Math.floor(number / 10)]], asks: []};
  },
  ends(draw) {
    const number = draw(numbers.members.length);
    return {tokens: [numbers.members[number], "ends", ONES[number % 10]], asks: []};
  },
  filler: (draw) => ({
    tokens: Array.from({length: 2 + draw(4)}, () => FILLER[draw(FILLER.length)]),
    asks: []
  })
};

/** Text number `index` of a seed: lists, copies, filler and facts, one after another. */
export function drawText(seed: number, index: number, facts: Facts): ListText {
  const key = keyOf(seed);
  let drawn = 0;
  const uniform = () => unitInterval(philox([drawn++, index, 0, 0], key)[0]);
  const draw: Draw = (below) => Math.floor(uniform() * below);
  const ids = [BEGIN];
  const asks: number[] = [];
  while (ids.length <= CONTEXT) {
    let left = uniform();
    const [kind] = shares[facts].find(([, share]) => (left -= share) < 0) ?? shares[facts][0];
    const part = parts[kind](draw);
    asks.push(...part.asks.map((at) => ids.length + at));
    ids.push(...part.tokens.map(idOf));
  }
  return {ids: ids.slice(0, CONTEXT + 1), asks: asks.filter((at) => at < CONTEXT)};
}

/** The window `[batch, CONTEXT + 1]` of a step of training, from 0. */
export const batchAt = (
  step: number,
  {batch, seed}: {readonly batch: number; readonly seed: number},
  facts: Facts
): Uint16Array =>
  Uint16Array.from(
    Array.from({length: batch}, (_, i) => drawText(seed, step * batch + i, facts).ids).flat()
  );
