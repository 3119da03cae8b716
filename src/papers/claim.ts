/** What a claim came to, at our size. `reproduced` is kept for a paper's own model or data. */
export type Verdict = "holds-here" | "partly" | "not-here" | "reproduced";

/** A value to read a claim's own beside. */
export interface Beside {
  readonly name: string;
  readonly value: number;
}

/** The paper's size and ours, in words. */
export interface Setting {
  readonly theirs: string;
  readonly ours: string;
}

/** One claim, measured beside a control that must fail. */
export interface Row {
  /** The paper's slug. */
  readonly paper: string;
  readonly claim: string;
  /** What `value` is, with its unit. */
  readonly metric: string;
  readonly value: number;
  readonly op: "<=" | ">=";
  readonly threshold: number;
  /** What a value that misses the threshold must still meet to be `partly`. */
  readonly partly?: number;
  /** What others come to in the same measurement. */
  readonly beside?: readonly Beside[];
  /** The paper's own number, in words. */
  readonly reported?: string;
  /** On what the paper measured it, and on what it is measured here. */
  readonly setting?: Setting;
  /** The same measurement where the claim must not hold; `pass` is true when it holds all the same. */
  readonly control: {readonly name: string; readonly value: number; readonly pass: boolean};
  /** True for what a correct implementation cannot miss: not holding is a bug, never a finding. */
  readonly must: boolean;
  /** The pinned verdict. */
  readonly expect: Verdict;
  readonly verdict: Verdict;
  readonly seed: number;
  readonly seconds: number;
}

/** A claim that could not be measured, and what is missing. */
export interface Skipped {
  readonly paper: string;
  readonly claim: string;
  readonly skipped: string;
}

export const isSkipped = (row: Row | Skipped): row is Skipped => "skipped" in row;

/** True when a row says what it should: the pinned verdict, and a control that failed. */
export const isGood = ({verdict, expect, control}: Row): boolean =>
  verdict === expect && !control.pass;

export interface Claim extends Pick<
  Row,
  "claim" | "metric" | "op" | "threshold" | "partly" | "beside" | "reported" | "setting"
> {
  /** Measures the claim. */
  readonly value: () => Promise<number>;
  readonly control: {readonly name: string; readonly value: () => Promise<number>};
}

/** Measures a claim that must hold, and its control. A value that is not a number holds nowhere. */
export const mustHold = (paper: string, seed: number, claim: Claim): Promise<Row> =>
  measure(claim, {paper, seed, must: true, expect: "holds-here"});

/** Measures a claim that is a finding, whichever way it goes, against the verdict that was found. */
export const isFound = (paper: string, seed: number, claim: Claim, expect: Verdict): Promise<Row> =>
  measure(claim, {paper, seed, must: false, expect});

async function measure(
  claim: Claim,
  about: Pick<Row, "paper" | "seed" | "must" | "expect">
): Promise<Row> {
  const started = performance.now();
  const {claim: said, metric, op, threshold, partly, beside, reported, setting, control} = claim;
  const meets = (value: number, limit: number) => (op === "<=" ? value <= limit : value >= limit);
  const value = await claim.value();
  const broken = await control.value();
  const half = partly !== undefined && meets(value, partly);
  return {
    ...about,
    claim: said,
    metric,
    value,
    op,
    threshold,
    ...(partly !== undefined && {partly}),
    ...(beside && {beside}),
    ...(reported !== undefined && {reported}),
    ...(setting && {setting}),
    control: {name: control.name, value: broken, pass: meets(broken, threshold)},
    verdict: meets(value, threshold) ? "holds-here" : half ? "partly" : "not-here",
    seconds: (performance.now() - started) / 1000
  };
}
