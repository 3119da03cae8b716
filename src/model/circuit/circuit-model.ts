import type {Backend} from "../backend.js";
import type {ModelConfig} from "../config.js";
import {type Dictionary, mapDictionary} from "../dictionary.js";
import {siteLayer, SiteError} from "../sites.js";
import type {HostTensor, Weights} from "../weights.js";

/** A model whose circuits are looked for: what runs it, its weights in memory, and its transcoders. */
export interface CircuitModel {
  readonly config: ModelConfig;
  readonly weights: Weights<HostTensor>;
  readonly backend: Backend;
  /** By layer, their values in memory; a layer without one has nothing but error. */
  readonly transcoders: ReadonlyMap<number, Dictionary>;
  /** The same as the backend knows them. */
  readonly read: readonly Dictionary[];
}

/**
 * A model with those of its dictionaries that are transcoders.
 *
 * @throws {SiteError} if one of them cannot be gone through, or shares its layer with another.
 */
export function circuitModel(
  {config, weights, backend}: Pick<CircuitModel, "config" | "weights" | "backend">,
  dictionaries: readonly Dictionary[]
): CircuitModel {
  const transcoders = transcodersByLayer(dictionaries);
  const names = new Set(Array.from(transcoders.values(), ({name}) => name));
  return {
    ...{config, weights, backend, transcoders},
    read: dictionaries.filter(({name}) => names.has(name))
  };
}

/**
 * The transcoders among some dictionaries, by layer, their values in memory.
 *
 * @throws {SiteError} if one normalises what it reads, does not read what its MLP reads, or shares its
 * layer with another.
 */
function transcodersByLayer(dictionaries: readonly Dictionary[]): ReadonlyMap<number, Dictionary> {
  const found = new Map<number, Dictionary>();
  for (const dictionary of dictionaries) {
    const {name, kind, input, outputs, normalization, encoder} = dictionary;
    if (kind !== "transcoder") continue;
    const layer = siteLayer(outputs[0].site)!;
    if (input !== `blocks.${layer}.ln2.hook_normalized`)
      throw new SiteError(
        `circuit: ${name} must read blocks.${layer}.ln2.hook_normalized, as its MLP does, got ${input}`
      );
    if (normalization.kind !== "none")
      throw new SiteError(
        `circuit: ${name} must read it as it is so that its features are linear in it, got normalization ${normalization.kind}`
      );
    if (encoder.activation.kind === "gated")
      throw new SiteError(
        `circuit: ${name} must have features that are linear where they fire, got gated ones`
      );
    const other = found.get(layer);
    if (other)
      throw new SiteError(
        `circuit: ${name} must be the one transcoder of layer ${layer}, ${other.name} is one too`
      );
    found.set(layer, mapDictionary(dictionary, {vector: inMemory, matrix: inMemory}));
  }
  return found;
}

/** Read once: a tensor of a file makes its values anew each time. */
const inMemory = ({shape, data}: HostTensor): HostTensor => ({shape, data});
