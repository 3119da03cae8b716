/** What a claim came to, at our size. `reproduced` is kept for a paper's own model or data. */
export type Verdict = "holds-here" | "partly" | "not-here" | "reproduced";

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

export interface Claim {
  readonly claim: string;
  readonly metric: string;
  readonly op: Row["op"];
  readonly threshold: number;
  /** Measures the claim. */
  readonly value: () => Promise<number>;
  readonly control: {readonly name: string; readonly value: () => Promise<number>};
}

/** Measures a claim that must hold, and its control. A value that is not a number holds nowhere. */
export async function mustHold(paper: string, seed: number, claim: Claim): Promise<Row> {
  const started = performance.now();
  const {op, threshold} = claim;
  const holds = (value: number) => (op === "<=" ? value <= threshold : value >= threshold);
  const value = await claim.value();
  const control = await claim.control.value();
  return {
    paper,
    claim: claim.claim,
    metric: claim.metric,
    value,
    op,
    threshold,
    control: {name: claim.control.name, value: control, pass: holds(control)},
    must: true,
    expect: "holds-here",
    verdict: holds(value) ? "holds-here" : "not-here",
    seed,
    seconds: (performance.now() - started) / 1000
  };
}
