import type {ForwardResult} from "../backend.js";
import {PromptError} from "../request.js";
import type {Tokenizer} from "../tokenizer.js";

/** Two answers, each one token: what is measured is the first's logit less the second's. */
export interface Answers {
  readonly answer: string;
  readonly wrong: string;
}

/** Reads a contrast off the last position's logits, for each sequence. */
export type Contrast = (result: Pick<ForwardResult, "logits">) => number[];

/**
 * The id of a text of one token.
 *
 * @param where The method, for an error's sentence.
 * @throws {PromptError} if it is not exactly one.
 */
export function tokenOf(where: string, tokenizer: Tokenizer, name: string, text: unknown): number {
  const ids = typeof text === "string" && text !== "" ? tokenizer.encode(text) : [];
  if (ids.length === 1) return ids[0];
  const got = ids.map((id) => JSON.stringify(tokenizer.token(id))).join(", ");
  throw new PromptError(
    `${where}: ${name} must be one token to have one logit, got ${ids.length === 0 ? "none" : `${ids.length}: ${got}`}`
  );
}

/**
 * The ids of two answers.
 *
 * @throws {PromptError} if either is not exactly one token, or both are the same.
 */
export function answerIds(
  where: string,
  tokenizer: Tokenizer,
  {answer, wrong}: Answers
): [yes: number, no: number] {
  const [yes, no] = [
    tokenOf(where, tokenizer, "answer", answer),
    tokenOf(where, tokenizer, "wrong", wrong)
  ];
  if (yes === no)
    throw new PromptError(
      `${where}: answer and wrong must be different tokens to be compared, got ${JSON.stringify(tokenizer.token(yes))} twice`
    );
  return [yes, no];
}

/**
 * The logit difference of two answers.
 *
 * @param where The method, for an error's sentence.
 * @throws {PromptError} if either is not exactly one token, or both are the same.
 */
export function contrastOf(
  where: string,
  tokenizer: Tokenizer,
  {answer, wrong}: Answers
): Contrast {
  const [yes, no] = answerIds(where, tokenizer, {answer, wrong});
  return ({logits}) => {
    const {shape, data} = logits!;
    const [batch, positions, vocab] = shape;
    return Array.from(
      {length: batch * positions},
      (_, i) => data[i * vocab + yes] - data[i * vocab + no]
    );
  };
}
