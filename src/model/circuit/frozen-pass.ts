import {type ActiveFeatures, firedAt} from "../active-features.js";
import type {ModelConfig} from "../config.js";
import type {Dictionary} from "../dictionary.js";
import type {Edit} from "../edits.js";
import {matchSites, type Site, type SitePattern} from "../sites.js";
import type {HostTensor} from "../weights.js";
import type {CircuitModel} from "./circuit-model.js";

/** One pass over one prompt, with all of it that is not linear: that is held while the rest is traced. */
export interface FrozenPass {
  readonly model: CircuitModel;
  readonly tokens: readonly number[];
  /** Whether the transcoders stood in for their MLPs. */
  readonly spliced: boolean;
  /** By dictionary. */
  readonly features: ReadonlyMap<string, ActiveFeatures>;
  /** `[pos, vocab]`. */
  readonly logits: Float32Array;
  /** An activation of the pass, `[pos, …]`, or `[head, query, key]` of a pattern. */
  at(site: Site): Float32Array;
}

/** What is held: patterns and the divisors of norms. */
const HELD = [
  "blocks.*.attn.hook_pattern",
  "blocks.*.ln1.hook_scale",
  "blocks.*.ln2.hook_scale"
] as const satisfies readonly SitePattern[];

const READ = [
  "blocks.*.attn.hook_v",
  "blocks.*.ln2.hook_normalized",
  "blocks.*.hook_mlp_out"
] as const satisfies readonly SitePattern[];

const sitesOf = (config: ModelConfig): Site[] => [
  "hook_embed",
  ...(config.positions === "learned" ? (["hook_pos_embed"] as const) : []),
  ...matchSites([...HELD, ...READ], config),
  "ln_final.hook_scale"
];

/**
 * Runs a prompt and keeps what its circuits are read from.
 *
 * @param spliced Whether the transcoders stand in for their MLPs, so that there is no error.
 */
export async function freeze(
  model: CircuitModel,
  tokens: readonly number[],
  {spliced = false}: {readonly spliced?: boolean} = {}
): Promise<FrozenPass> {
  const {config, backend, read: dictionaries} = model;
  const found = await backend.forward({
    ...{tokens: [tokens], sites: sitesOf(config), edits: []},
    ...{logits: "all", top: 0, lens: 0},
    dictionaries: {
      dictionaries,
      splice: new Map(spliced ? dictionaries.map(({name}) => [name, {error: false}]) : []),
      edits: []
    }
  });
  return {
    ...{model, tokens, spliced},
    features: found.features ?? new Map<string, ActiveFeatures>(),
    logits: found.logits!.data,
    at: (site) => found.activations.get(site)!.data
  };
}

/**
 * What holds each of `batch` passes as this one was: patterns, divisors and, but for what is edited
 * after, what MLPs write.
 */
export function heldEdits(pass: FrozenPass, batch: number): Edit[] {
  const {config} = pass.model;
  const sites: Site[] = [
    ...matchSites([...HELD, "blocks.*.hook_mlp_out"], config),
    "ln_final.hook_scale"
  ];
  return sites.map((site) => {
    const values = pass.at(site);
    const value = new Float32Array(batch * values.length);
    for (let i = 0; i < batch; i++) value.set(values, i * values.length);
    return {site, op: "replace", value};
  });
}

/** The features of a dictionary that fire at a token: each feature's number and its value. */
export const firing = ({features}: FrozenPass, {name}: Dictionary, pos: number) =>
  firedAt(features.get(name)!, pos);

/** Row `row` of a matrix `[rows, columns]`. */
export const rowOf = ({shape, data}: HostTensor, row: number): Float32Array =>
  data.subarray(row * shape[1], (row + 1) * shape[1]);

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** What a layer's MLP writes at a token that no feature and no bias of its transcoder does. */
export function errorAt(pass: FrozenPass, layer: number, pos: number): Float64Array {
  const {config, transcoders} = pass.model;
  const {width} = config;
  const written = pass.at(`blocks.${layer}.hook_mlp_out`).subarray(pos * width, (pos + 1) * width);
  const error = Float64Array.from(written);
  const transcoder = transcoders.get(layer);
  if (!transcoder) return error;
  const [{decoder, bias}] = transcoder.outputs;
  if (bias) for (let c = 0; c < width; c++) error[c] -= bias.data[c];
  for (const [feature, value] of firing(pass, transcoder, pos)) {
    const row = rowOf(decoder, feature);
    for (let c = 0; c < width; c++) error[c] -= value * row[c];
  }
  return error;
}
