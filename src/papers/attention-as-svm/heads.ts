import {seeded} from "../../corpus/random.js";
import {bestTokens, type InstanceSize} from "./instance.js";
import type {Parameters} from "./training.js";
import {runTrial, type Svms, svmsOf, type Trial} from "./trial.js";

/** What claims are measured on. */
export interface Setup extends InstanceSize {
  /** How many heads, each on data of its own. */
  readonly heads: number;
  readonly steps: number;
  readonly rate: number;
}

/** A trained head, the SVMs of the tokens it selects, and those of tokens chosen at random. */
export interface Head extends Trial {
  readonly svms: Svms;
  readonly random: Svms;
}

const trials = ({heads, steps, rate, ...size}: Setup, parameters: Parameters, seed: number) =>
  Array.from({length: heads}, (_, i) =>
    runTrial(size, {parameters, steps, rate, seed: 1000 * seed + i})
  );

/** Trained heads whose selected tokens, and others, have an SVM. */
export function trainedHeads(setup: Setup, parameters: Parameters, seed: number): Head[] {
  const choice = seeded(1000 * seed);
  return trials(setup, parameters, seed).flatMap((trial): Head[] => {
    const {instance, end} = trial;
    const chosen = instance.inputs.map((tokens) => choice.int(tokens.length));
    const [svms, random] = [svmsOf(instance, end.selected), svmsOf(instance, chosen)];
    return svms && random ? [{...trial, svms, random}] : [];
  });
}

/** The share of heads of a width that select a given token in every sample: the best one, and one chosen at random. */
export function globalShares(
  setup: Setup,
  width: number,
  seed: number
): {readonly best: number; readonly random: number} {
  const choice = seeded(1000 * seed + width);
  const all = trials({...setup, width}, "W", seed);
  const shareOf = (tokensOf: (trial: Trial) => readonly number[]) =>
    all.filter((trial) => tokensOf(trial).every((t, i) => t === trial.end.selected[i])).length /
    all.length;
  return {
    best: shareOf(({instance}) => bestTokens(instance)),
    random: shareOf(({instance}) => instance.inputs.map((tokens) => choice.int(tokens.length)))
  };
}
