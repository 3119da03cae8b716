import type {Share} from "../../fit/wilson.js";
import {wilson} from "../../fit/wilson.js";
import type {TargetKind} from "./pairs.js";
import {type Method, methods, type ReachabilityRow} from "./reachability.js";

/** A state and a target, and the shortest prompt that each method found. */
export interface Pair {
  readonly state_id: string;
  readonly state_len: number;
  readonly target: number;
  readonly target_rank: number;
  readonly target_kind: TargetKind;
  readonly base_loss: number;
  /** Tokens of the shortest prompt found, infinite for none. */
  readonly shortest: Readonly<Record<Method, number>>;
}

/** What a run's rows say of each pair. */
export function pairsOf(rows: readonly ReachabilityRow[]): Pair[] {
  const pairs = new Map<string, {first: ReachabilityRow; shortest: Record<Method, number>}>();
  for (const row of rows) {
    const key = `${row.state_id} ${row.target}`;
    const pair = pairs.get(key) ?? {
      first: row,
      shortest: {greedy: Infinity, gcg: Infinity, random: Infinity}
    };
    pairs.set(key, pair);
    if (row.success) pair.shortest[row.method] = Math.min(pair.shortest[row.method], row.k);
  }
  return [...pairs.values()].map(({first, shortest}) => {
    const {state_id, state_len, target, target_rank, target_kind, base_loss} = first;
    return {state_id, state_len, target, target_rank, target_kind, base_loss, shortest};
  });
}

/** What reaches a pair: one method, or the better of the two that search. */
export type Searcher = Method | "either";

export const shortestBy = ({shortest}: Pair, by: Searcher): number =>
  by === "either" ? Math.min(shortest.greedy, shortest.gcg) : shortest[by];

/** The share of pairs that prompts of at most k tokens reach. */
export const reachedShare = (pairs: readonly Pair[], by: Searcher, k: number): number =>
  pairs.filter((pair) => shortestBy(pair, by) <= k).length / pairs.length;

/** ε, the share of pairs for which no prompt of at most k tokens was found. */
export interface EpsilonPoint extends Share {
  readonly method: Method;
  readonly k: number;
  readonly pairs: number;
}

/** k-ε curves of all methods: how controllable some pairs are. */
export const epsilonCurves = (pairs: readonly Pair[], lengths: readonly number[]): EpsilonPoint[] =>
  methods.flatMap((method) =>
    [0, ...lengths].map((k) => {
      const left = pairs.filter((pair) => pair.shortest[method] > k).length;
      return {method, k, pairs: pairs.length, ...wilson(left, pairs.length)};
    })
  );
