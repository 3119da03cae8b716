import type {ModelConfig} from "./config.js";
import type {Scalar} from "./gradient-request.js";
import {PromptError} from "./request.js";
import type {Activation, Token} from "./run.js";
import type {Patches} from "./run-options.js";
import {type Site, siteAxes, SiteError, type SitePattern} from "./sites.js";
import {tokenOf} from "./sweeps/contrast.js";
import type {Tokenizer} from "./tokenizer.js";
import type {HostTensor} from "./weights.js";

/**
 * A number that a model gives for a prompt: what a gradient is of. A `logit` of one token at a
 * position, less that of another; its log-probability in nats; or the mean loss, in nats a token. A
 * position counts from the end when negative, and is the last when left out.
 */
export type GradientOf =
  | {readonly logit: string; readonly minus?: string; readonly pos?: number}
  | {readonly logProb: string; readonly pos?: number}
  /** Of the prompt's own next tokens, or of token ids that are to come after its last ones, one after each. */
  | {readonly loss: true | readonly number[]};

export interface GradientOptions {
  readonly of: GradientOf;
  /** Activations to take the gradient with respect to, by name; `*` stands for every layer. */
  readonly at?: readonly SitePattern[];
  readonly patch?: Patches;
  /** Whether to take it with respect to a one-hot relaxation of the tokens too. */
  readonly oneHot?: boolean;
}

export interface ActivationGradient extends Activation {
  /** Of the shape of `data`: what a small change there does to the number. */
  readonly grad: Float32Array;
}

export interface GradientFields {
  readonly prompt: string;
  readonly tokens: readonly Token[];
  readonly value: number;
  readonly activations: ReadonlyMap<Site, HostTensor>;
  readonly gradients: ReadonlyMap<Site, HostTensor>;
  readonly oneHot?: HostTensor;
  readonly milliseconds: number;
}

/** A number of one prompt, and what activations do to it. */
export class Gradient implements GradientFields {
  readonly prompt: string;
  readonly tokens: readonly Token[];
  /** The number itself. */
  readonly value: number;
  readonly activations: ReadonlyMap<Site, HostTensor>;
  readonly gradients: ReadonlyMap<Site, HostTensor>;
  /** `[1, pos, vocab]`: what more of each token at each position would do to the number. */
  readonly oneHot?: HostTensor;
  /** From request to values in memory, model loading left out. */
  readonly milliseconds: number;

  constructor(fields: GradientFields) {
    this.prompt = fields.prompt;
    this.tokens = fields.tokens;
    this.value = fields.value;
    this.activations = fields.activations;
    this.gradients = fields.gradients;
    this.oneHot = fields.oneHot;
    this.milliseconds = fields.milliseconds;
  }

  /**
   * An activation with its gradient, batch axis first.
   *
   * @throws {SiteError} if the gradient was not taken there.
   */
  activation(site: Site): ActivationGradient {
    const found = this.activations.get(site);
    if (!found)
      throw new SiteError(
        `grad: "${site}" must be among the activations it was taken at (at: ["${site}"]), got ${[...this.activations.keys()].join(", ") || "none"}`
      );
    return {...found, site, axes: siteAxes(site), grad: this.gradients.get(site)!.data};
  }
}

/**
 * What is asked for in words, in token ids.
 *
 * @throws {PromptError} if it does not fit the prompt or the model.
 */
export function scalarOf(
  of: GradientOf,
  tokens: readonly Token[],
  {vocab}: ModelConfig,
  tokenizer: Tokenizer
): Scalar {
  const idOf = (name: string, text: unknown) => tokenOf("grad", tokenizer, name, text);
  if ("logit" in of) {
    const weights: [number, number][] = [[idOf("logit", of.logit), 1]];
    if (of.minus !== undefined) weights.push([idOf("minus", of.minus), -1]);
    return {kind: "logits", pos: position(of.pos, tokens.length), weights};
  }
  if ("logProb" in of)
    return {
      kind: "log-probability",
      pos: position(of.pos, tokens.length),
      token: idOf("logProb", of.logProb)
    };
  const own = tokens.slice(1).map(({id}) => id);
  const ids = of.loss === true ? [...own, 0] : of.loss;
  const many = Array.isArray(ids) ? ids.length : 0;
  if (many === 0 || many > tokens.length)
    throw new PromptError(
      `grad: loss must be true, or 1 … ${tokens.length} token ids for as many of the prompt's tokens, got ${JSON.stringify(of.loss)}`
    );
  const bad = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocab);
  if (bad !== undefined)
    throw new PromptError(`grad: loss must be of token ids in 0 … ${vocab - 1}, got ${bad}`);
  const counted = of.loss === true ? own.length : ids.length;
  if (counted === 0)
    throw new PromptError(
      "grad: loss must be of a prompt of at least 2 tokens to have a next token, got 1"
    );
  const before = tokens.length - ids.length;
  const targets = tokens.map((_, i) => (i < before ? 0 : ids[i - before]));
  const last = of.loss === true ? tokens.length - 1 : tokens.length;
  const weights = tokens.map((_, i) => (i >= before && i < last ? 1 / counted : 0));
  return {kind: "loss", targets: [targets], weights};
}

function position(pos: number | undefined, length: number): number {
  const asked = pos ?? -1;
  const at = asked < 0 ? asked + length : asked;
  if (Number.isInteger(at) && at >= 0 && at < length) return at;
  throw new PromptError(
    `grad: pos must be in 0 … ${length - 1} (or negative from the end), got ${asked}`
  );
}
