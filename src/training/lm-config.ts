import type {ModelConfig} from "../model/config.js";
import {isJsonObject, shown} from "../model/model-file-error.js";

/** How a language model is trained: a `training.json`. */
export interface LmConfig {
  readonly name: string;
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly vocab: number;
  /** Tokens in a window. */
  readonly context: number;
  /** Tokens to train for, rising; the weights are kept at each. */
  readonly budgets: readonly number[];
  /** Windows in a step. */
  readonly batch: number;
  /** The learning rate between warm-up and decay. */
  readonly rate: number;
  /** Steps over which the rate rises. */
  readonly warmup: number;
  /** The share of a budget's steps over which the rate falls to zero. */
  readonly decay: number;
  /** Of AdamW's mean of squares; that of its mean is 0.9. */
  readonly beta2: number;
  readonly weightDecay: number;
  /** The largest norm of a gradient. */
  readonly clip: number;
  readonly seed: number;
  /** Copies of the weights to keep on the way, evenly spaced in the logarithm of the step. */
  readonly checkpoints?: number;
}

const MOST = 2 ** 24;

type Rule = readonly [what: string, holds: (value: number) => boolean];

const count: Rule = [
  `a whole number in 1 … ${MOST}`,
  (v) => Number.isInteger(v) && v >= 1 && v <= MOST
];
const above: Rule = ["a number above 0", (v) => v > 0 && v < Infinity];

const rules: Readonly<Record<string, Rule>> = {
  width: count,
  depth: ["a whole number in 1 … 1024", (v) => Number.isInteger(v) && v >= 1 && v <= 1024],
  heads: count,
  vocab: ["a whole number in 1 … 65536", (v) => Number.isInteger(v) && v >= 1 && v <= 65536],
  context: count,
  batch: count,
  rate: above,
  warmup: count,
  decay: ["above 0 and at most 1", (v) => v > 0 && v <= 1],
  beta2: ["at least 0 and below 1", (v) => v >= 0 && v < 1],
  weightDecay: ["a number from 0", (v) => v >= 0 && v < Infinity],
  clip: above,
  seed: ["a whole number from 0", (v) => Number.isSafeInteger(v) && v >= 0],
  checkpoints: ["a whole number from 2", (v) => Number.isInteger(v) && v >= 2 && v <= 1000]
};
const required = [
  "name",
  "budgets",
  ...Object.keys(rules).filter((name) => name !== "checkpoints")
];

/**
 * The configuration in the text of a `training.json`.
 *
 * @param file Named in errors.
 * @throws {Error} naming the first field that is missing, unknown or wrong.
 */
export function parseLmConfig(text: string, file: string): LmConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file}: must be JSON, it does not parse`);
  }
  if (!isJsonObject(json)) throw new Error(`${file}: must be a JSON object, got ${shown(json)}`);
  const fail = (name: string, what: string): never => {
    throw new Error(`${file}: ${name} must be ${what}, got ${shown(json[name])}`);
  };
  for (const name of required)
    if (json[name] === undefined)
      throw new Error(`${file}: ${name} must be there, as every training needs it, it is missing`);
  for (const name of Object.keys(json))
    if (!required.includes(name) && name !== "checkpoints")
      throw new Error(
        `${file}: ${shown(name)} must be one of ${required.join(", ")} or checkpoints`
      );
  const {name, budgets} = json;
  if (typeof name !== "string" || !/^[\w.-]+$/.test(name))
    fail("name", "letters, digits, dots and dashes");
  for (const [field, [what, holds]] of Object.entries(rules)) {
    const value = json[field];
    if (value !== undefined && (typeof value !== "number" || !holds(value))) fail(field, what);
  }
  const rising = (values: readonly unknown[]) =>
    values.length > 0 &&
    values.every(
      (v, i) =>
        Number.isSafeInteger(v) && (v as number) > ((values[i - 1] as number | undefined) ?? 0)
    );
  if (!Array.isArray(budgets) || !rising(budgets))
    fail("budgets", "whole numbers of tokens, each above the one before");
  const config = json as unknown as LmConfig;
  if (config.width % config.heads !== 0) fail("heads", `a divisor of width ${config.width}`);
  if (config.width < 16 || config.width % 8 !== 0)
    fail("width", "a multiple of 8 from 16 on, for the waves that positions begin as");
  if ((config.width / config.heads) % 2 !== 0)
    fail("heads", "such that each head has an even width");
  if (config.depth < 2) fail("depth", "at least 2, for the induction circuit that is begun with");
  return config;
}

/** The shape of the model that a configuration trains. */
export const modelConfig = (config: LmConfig): ModelConfig => ({
  layers: config.depth,
  width: config.width,
  heads: config.heads,
  kvHeads: config.heads,
  headWidth: config.width / config.heads,
  hidden: 4 * config.width,
  vocab: config.vocab,
  context: config.context,
  norm: "layernorm",
  eps: 1e-5,
  mlp: "gelu",
  positions: "learned",
  ropeBase: 10000
});
