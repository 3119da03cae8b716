import {changeNodes, type NodeChange} from "../model/circuit/change-nodes.js";
import {type CircuitModel, circuitModel} from "../model/circuit/circuit-model.js";
import type {Target} from "../model/circuit/cut.js";
import {freeze, type FrozenPass} from "../model/circuit/frozen-pass.js";
import type {Source} from "../model/circuit/sources.js";
import {trace, type Traced, targetOf, type TraceOptions} from "../model/circuit/trace.js";
import type {Convention} from "../model/convention.js";
import type {Dictionary} from "../model/dictionary.js";
import type {LanguageModel} from "../model/language-model.js";
import type {HostTensor, Weights} from "../model/weights.js";

/** A model, and what brings its weights to memory when a circuit is first asked for. */
export interface CircuitSource {
  readonly model: LanguageModel;
  readonly name: string;
  readonly convention: Convention;
  readonly weights: () => Promise<Weights<HostTensor>>;
}

interface Known {
  readonly weights: Weights<HostTensor>;
  readonly dictionaries: readonly Dictionary[];
  readonly circuits: CircuitModel;
  readonly prompt?: string;
  readonly pass?: FrozenPass;
}

/** The circuits of the models of one page; the last prompt's pass is kept. */
export class EngineCircuits {
  readonly #known = new WeakMap<LanguageModel, Known>();

  async trace(
    source: CircuitSource,
    prompt: string,
    {of, ...options}: TraceOptions
  ): Promise<Traced> {
    const {name, convention} = source;
    const {tokenizer} = source.model;
    const pass = await this.#pass(source, prompt);
    const target = targetOf(pass, of, tokenizer);
    return trace(pass, target, {prompt, model: name, convention, tokenizer}, options);
  }

  async change(
    source: CircuitSource,
    prompt: string,
    target: Target,
    sources: readonly Source[],
    factor: number
  ): Promise<NodeChange[]> {
    return changeNodes(await this.#pass(source, prompt), target, sources, {factor});
  }

  async #pass(source: CircuitSource, prompt: string): Promise<FrozenPass> {
    const {model} = source;
    const tokens = model.tokenize(prompt).map(({id}) => id);
    const known = await this.#circuits(source);
    if (known.pass && known.prompt === prompt) return known.pass;
    const pass = await freeze(known.circuits, tokens);
    this.#known.set(model, {...known, prompt, pass});
    return pass;
  }

  async #circuits({model, weights}: CircuitSource): Promise<Known> {
    const {config, backend, dictionaries} = model;
    const known = this.#known.get(model);
    const same =
      known?.dictionaries.length === dictionaries.length &&
      dictionaries.every((one, i) => one === known.dictionaries[i]);
    if (known && same) return known;
    const host = known?.weights ?? (await weights());
    const circuits = circuitModel({config, weights: host, backend}, dictionaries);
    const next = {weights: host, dictionaries, circuits};
    this.#known.set(model, next);
    return next;
  }
}
