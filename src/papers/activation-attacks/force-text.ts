import {step as adamStep} from "../../kernels/adamw.cpu.js";
import type {Gradient, GradientOptions} from "../../model/gradient.js";
import {counter, type JobOptions} from "../../model/job.js";
import {PromptError} from "../../model/request.js";
import {add, type Run, type Token} from "../../model/run.js";
import type {RunOptions} from "../../model/run-options.js";

/** What is asked of a model, in a page or on the command line. */
export interface ForcedModel {
  readonly config: {readonly width: number; readonly context: number};
  tokenize(prompt: string): Token[] | Promise<Token[]>;
  grad(prompt: string, options: GradientOptions): Promise<Gradient>;
  run(prompt: string, options?: RunOptions): Promise<Run>;
}

export interface Forcing {
  readonly context: string;
  /** What is to follow it. */
  readonly text: string;
  /** Controlled activations: the first of the context. */
  readonly a: number;
  /** Of Adam. */
  readonly steps: number;
}

/** A text's tokens, with and without the vectors. */
export interface ForcedToken {
  readonly text: string;
  /** What the model would say there, all before it in place. */
  readonly said: string;
  readonly before: string;
}

export interface ForcedText {
  readonly tokens: readonly ForcedToken[];
  /** How many of them are the likeliest. */
  readonly hits: number;
  readonly hitsBefore: number;
  /** Mean −log p of the text after each step, in nats a token. */
  readonly losses: readonly number[];
}

const SITE = "blocks.0.hook_resid_pre";
const RATE = 0.3;

/**
 * Moves vectors at the first positions of a context by Adam so that a text of the reader's follows.
 *
 * @throws {PromptError} if context or text is empty, or `a` is not a number of the context's tokens.
 */
export async function forceText(
  model: ForcedModel,
  {context, text, a, steps}: Forcing,
  job: JobOptions = {}
): Promise<ForcedText> {
  if (text === "")
    throw new PromptError("forceText: text must be at least one character, got none");
  const {width} = model.config;
  const [given, whole] = [await model.tokenize(context), await model.tokenize(context + text)];
  const shared = given.findIndex(({id}, i) => whole[i]?.id !== id);
  const start = shared < 0 ? given.length : shared;
  if (!Number.isInteger(a) || a < 1 || a > start)
    throw new PromptError(
      `forceText: a must be a whole number in 1 … ${start}, the tokens before the text, got ${a}`
    );
  const end = whole[0].id;
  const loss = [...whole.slice(start).map(({id}) => id), end];
  const pos = Array.from({length: a}, (_, i) => i);
  let weight: Float64Array = new Float64Array(a * width);
  let moments: Float64Array = new Float64Array(2 * weight.length);
  const patch = () => ({[SITE]: add(Float32Array.from(weight), {pos})});
  const did = counter(steps, job);
  const losses: number[] = [];
  const wide = context + text;
  for (let step = 1; step <= steps; step++) {
    const found = await model.grad(wide, {of: {loss}, at: [SITE], patch: patch()});
    losses.push(found.value);
    if (found.value * loss.length < Math.LN2) break;
    const gradient = Float64Array.from(found.activation(SITE).grad.subarray(0, weight.length));
    ({weight, moments} = adamStep(
      {weight, moments, gradient},
      {step, rate: RATE, beta1: 0.9, beta2: 0.999, eps: 1e-8, weightDecay: 0}
    ));
    await did(1);
  }
  const said = async (options: RunOptions) => {
    const {predictions} = await model.run(wide, {...options, top: 1});
    return predictions.slice(start - 1).map(([likeliest]) => likeliest);
  };
  const [after, before] = [await said({patch: patch()}), await said({})];
  const wanted = [...whole.slice(start), whole[0]];
  const count = (list: readonly {readonly id: number}[]) =>
    wanted.filter(({id}, i) => list[i].id === id).length;
  return {
    tokens: wanted.map((token, i) => ({
      text: token.text,
      said: after[i].text,
      before: before[i].text
    })),
    hits: count(after),
    hitsBefore: count(before),
    losses
  };
}
