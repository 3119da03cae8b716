import {size} from "../gpu/shape.js";
import type {Backend, ForwardRequest, ForwardResult, Sampling} from "./backend.js";
import {Attached} from "./attached.js";
import type {ModelConfig} from "./config.js";
import {decodeOnHost, type ReadTokens} from "./decode.js";
import {editWindows} from "./edit-windows.js";
import type {Dictionary} from "./dictionary.js";
import type {DictionaryRequest} from "./dictionary-request.js";
import {dictionaryWindows} from "./dictionary-windows.js";
import type {Edit} from "./edits.js";
import {differentiate} from "./gradient-pass.js";
import {type GradientRequest, type GradientResult, gradientResult} from "./gradient-request.js";
import {type Layout, maskOf, type Placement, placementAt} from "./layout.js";
import {planOf} from "./plan.js";
import {resultOf} from "./result.js";
import {forward, type KvCache, type Placed, unembed} from "./transformer.js";
import {twinDevice} from "./twin-device.js";
import {twinOps, type TwinTensor} from "./twin-ops.js";
import {type HostTensor, mapWeights, type Weights} from "./weights.js";

/** Opens a model in slow exact arithmetic: float64, in plain loops. The other backends are checked against it. */
export function openTwin(config: ModelConfig, weights: Weights<HostTensor>): Promise<Backend> {
  return Promise.resolve(new TwinBackend(config, weights));
}

class TwinBackend implements Backend {
  readonly kind = "twin";
  readonly device = "CPU (float64)";
  readonly slow = true;
  readonly #config: ModelConfig;
  readonly #weights: Weights<TwinTensor>;
  readonly #dictionaries = new Attached<TwinTensor, TwinTensor>(() => ({
    vector: widen,
    matrix: widen,
    free: () => {}
  }));

  constructor(config: ModelConfig, weights: Weights<HostTensor>) {
    this.#config = config;
    this.#weights = mapWeights(weights, {vector: widen, matrix: widen});
  }

  forward(request: ForwardRequest): Promise<ForwardResult> {
    // A promise's executor turns what is thrown into a rejection.
    return new Promise((resolve) => resolve(this.#forward(request)));
  }

  gradient(request: GradientRequest): Promise<GradientResult> {
    return new Promise((resolve) => {
      const found = differentiate(twinDevice, this.#config, this.#weights, request, (plan) =>
        this.#dictionaries.splice(plan)
      );
      const host = (tensors: typeof found.activations) =>
        new Map([...tensors].map(([site, tensor]) => [site, narrow(tensor)]));
      resolve(
        gradientResult(request, {
          measured: found.measured.data,
          activations: host(found.activations),
          gradients: host(found.gradients),
          oneHot: found.oneHot && narrow(found.oneHot)
        })
      );
    });
  }

  async *decode(
    prompt: readonly number[],
    sampling: Sampling,
    edits: readonly Edit[] = [],
    layout?: Layout,
    dictionaries?: DictionaryRequest
  ): AsyncGenerator<number, void, void> {
    const layouts = layout && [layout];
    const editsAt = editWindows(edits, this.#config, [prompt]);
    const plansAt = dictionaryWindows(dictionaries, this.#config, prompt.length);
    const cache = this.#emptyCache();
    const read: ReadTokens = (tokens, start) => {
      const plan = plansAt(start, tokens[0].length);
      const pass = forward(twinOps, this.#config, this.#weights, {
        tokens: tokenTensor(tokens),
        start,
        cache,
        placed: placedTensors(placementAt(layouts, start)),
        sites: new Set(),
        edits: editsAt(start, tokens[0].length),
        splice: plan && this.#dictionaries.splice(plan),
        logits: "last"
      });
      return pass.logits.data;
    };
    for await (const [id] of decodeOnHost(this.#config, [prompt], sampling, read, layouts))
      yield id;
  }

  forget(dictionary: Dictionary): void {
    this.#dictionaries.forget(dictionary);
  }

  /** The weights go when nothing refers to the backend any more. */
  dispose(): void {}

  #forward(request: ForwardRequest): ForwardResult {
    const {sites, lensAt, edits, dictionaries, logits} = planOf(request, this.#config);
    const passed = forward(twinOps, this.#config, this.#weights, {
      tokens: tokenTensor(request.tokens),
      start: 0,
      placed: placedTensors(placementAt(request.layouts, 0)),
      sites: new Set([...sites, ...lensAt]),
      edits,
      splice: dictionaries && this.#dictionaries.splice(dictionaries),
      logits
    });
    const activation = (site: (typeof sites)[number]) => passed.activations.get(site)!;
    return resultOf(request, {
      logits: narrow(passed.logits),
      activations: new Map(sites.map((site) => [site, narrow(activation(site))])),
      features: new Map(Array.from(passed.features, ([name, dense]) => [name, narrow(dense)])),
      lens: lensAt.map((site) =>
        narrow(unembed(twinOps, this.#config, this.#weights, activation(site)))
      )
    });
  }

  #emptyCache(): KvCache<TwinTensor> {
    const {layers, context, kvHeads, headWidth} = this.#config;
    const shape = [1, context, kvHeads, headWidth];
    const make = () =>
      Array.from({length: layers}, () => ({shape, data: new Float64Array(size(shape))}));
    return {keys: make(), values: make()};
  }
}

const tokenTensor = (tokens: readonly (readonly number[])[]): TwinTensor => ({
  shape: [tokens.length, tokens[0].length],
  data: Float64Array.from(tokens.flat())
});

function placedTensors(placement: Placement | undefined): Placed<TwinTensor> | undefined {
  if (!placement) return undefined;
  const {positions, sees} = placement;
  const length = Math.sqrt(sees?.[0].length ?? 0);
  return {
    ...(positions && {positions: tokenTensor(positions)}),
    ...(sees && {mask: {shape: [sees.length, length, length], data: maskOf(sees, length, length)}})
  };
}

const widen = ({shape, data}: HostTensor): TwinTensor => ({shape, data: Float64Array.from(data)});
const narrow = ({shape, data}: TwinTensor): HostTensor => ({shape, data: Float32Array.from(data)});
