import type {AdapterDescription} from "../gpu/adapter.js";
import type {Arena} from "../gpu/arena.js";
import type {Gpu} from "../gpu/gpu.js";
import type {Tensor} from "../gpu/tensor.js";
import {forward as logSoftmax} from "../kernels/log-softmax.js";
import {forward as topK} from "../kernels/top-k.js";
import type {Weight, WeightDtype} from "../kernels/weight.js";
import type {Backend, ForwardRequest, ForwardResult, Sampling, TopTokens} from "./backend.js";
import {activeFeatures} from "./active-features.js";
import type {Attached} from "./attached.js";
import type {ModelConfig} from "./config.js";
import {checkBindings} from "./device-limits.js";
import {untilLost} from "./device-loss.js";
import type {Dictionary} from "./dictionary.js";
import type {DictionaryRequest} from "./dictionary-request.js";
import {dictionaryWindows} from "./dictionary-windows.js";
import type {Edit} from "./edits.js";
import {differentiate, gradientPlan} from "./gradient-pass.js";
import {type GradientRequest, type GradientResult, gradientResult} from "./gradient-request.js";
import {type Layout, placementAt} from "./layout.js";
import {type Plan, planOf} from "./plan.js";
import {lastPosition} from "./result.js";
import {forward, unembed} from "./transformer.js";
import type {HostTensor, Weights} from "./weights.js";
import {decodeOnGpu} from "./wgsl-decode.js";
import {attachedTo, wgslDevice} from "./wgsl-device.js";
import {wgslOps} from "./wgsl-ops.js";
import {placedTensors} from "./wgsl-placed.js";
import {type Uploaded, uploadAll} from "./wgsl-weights.js";

/**
 * Puts a model's weights on a GPU, one after the other, matrices at the given precision; arithmetic is
 * f32 throughout. The backend owns them until `dispose`; `gpu` may be shared.
 *
 * @throws {GpuError} if a part of the model does not fit in what the device can bind, before anything
 * is put there, or if its memory runs out.
 */
export async function openWgsl(
  gpu: Gpu,
  adapter: AdapterDescription,
  config: ModelConfig,
  weights: Weights<HostTensor>,
  precision: WeightDtype = "f32"
): Promise<Backend> {
  checkBindings(config, weights, precision, gpu.largestBinding);
  const put = await untilLost(gpu.device, () => uploadAll(gpu, weights, precision));
  return new WgslBackend(gpu, adapter, config, put);
}

class WgslBackend implements Backend {
  readonly kind = "wgsl";
  readonly device: string;
  readonly slow: boolean;
  readonly #gpu: Gpu;
  readonly #config: ModelConfig;
  readonly #weights: Weights<Tensor, Weight>;
  readonly #arena: Arena;
  readonly #dictionaries: Attached<Tensor, Weight>;

  constructor(
    gpu: Gpu,
    {name, software}: AdapterDescription,
    config: ModelConfig,
    {weights, arena}: Uploaded
  ) {
    this.#gpu = gpu;
    this.#config = config;
    this.device = name;
    this.slow = software;
    this.#weights = weights;
    this.#arena = arena;
    this.#dictionaries = attachedTo(gpu);
  }

  async forward(request: ForwardRequest): Promise<ForwardResult> {
    const plan = planOf(request, this.#config);
    return untilLost(this.#gpu.device, async () => {
      const {reading, assemble} = this.#record(request, plan);
      return assemble(await reading);
    });
  }

  gradient(request: GradientRequest): Promise<GradientResult> {
    const gpu = this.#gpu;
    return untilLost(this.#gpu.device, async () => {
      const {dictionaries} = gradientPlan(request, this.#config);
      const splice = dictionaries && this.#dictionaries.splice(dictionaries);
      const {found, reading} = gpu.tidy(() => {
        const found = differentiate(
          wgslDevice(gpu),
          this.#config,
          this.#weights,
          request,
          () => splice!
        );
        const {measured, activations, gradients, oneHot} = found;
        const wanted = [measured, ...activations.values(), ...gradients.values()];
        return {found, reading: gpu.read(...wanted, ...(oneHot ? [oneHot] : []))};
      });
      const [measured, ...values] = (await reading) as Float32Array[];
      const host = ({shape}: Tensor): HostTensor => ({shape, data: values.shift()!});
      const hosts = (tensors: typeof found.activations) =>
        new Map(Array.from(tensors, ([site, tensor]) => [site, host(tensor)]));
      return gradientResult(request, {
        measured,
        activations: hosts(found.activations),
        gradients: hosts(found.gradients),
        ...(found.oneHot && {oneHot: host(found.oneHot)})
      });
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
    const plansAt = dictionaryWindows(dictionaries, this.#config, prompt.length);
    for await (const [id] of this.decodeMany([prompt], sampling, edits, layouts, plansAt)) yield id;
  }

  decodeMany(
    prompts: readonly (readonly number[])[],
    sampling: Sampling,
    edits: readonly Edit[] = [],
    layouts?: readonly Layout[],
    plansAt?: ReturnType<typeof dictionaryWindows>
  ): AsyncGenerator<readonly number[], void, void> {
    const model = {gpu: this.#gpu, config: this.#config, weights: this.#weights, slow: this.slow};
    return decodeOnGpu(model, prompts, {
      ...{sampling, edits, layouts},
      spliceAt: (start, tokens) => {
        const plan = plansAt?.(start, tokens);
        return plan && this.#dictionaries.splice(plan);
      }
    });
  }

  forget(dictionary: Dictionary): void {
    this.#dictionaries.forget(dictionary);
  }

  dispose(): void {
    this.#dictionaries.clear();
    this.#arena.free();
    this.#gpu.trim();
  }

  #record(
    request: ForwardRequest,
    {batch, tokens, sites, lensAt, edits, dictionaries, logits}: Plan
  ) {
    const {top, lens} = request;
    const gpu = this.#gpu;
    const ops = wgslOps(gpu);
    // outside of the pass, whose tensors are freed with it
    const splice = dictionaries && this.#dictionaries.splice(dictionaries);
    return gpu.tidy(() => {
      const passed = forward(ops, this.#config, this.#weights, {
        tokens: gpu.upload([batch, tokens], Uint32Array.from(request.tokens.flat()), "u32"),
        start: 0,
        placed: placedTensors(gpu, placementAt(request.layouts, 0)),
        sites: new Set([...sites, ...lensAt]),
        edits,
        splice,
        logits
      });
      const wanted: Tensor[] = [];
      const want = (tensor: Tensor) => wanted.push(tensor) - 1;
      const likeliest = (scores: Tensor, k: number) => {
        const {indices, values} = topK(gpu, {x: logSoftmax(gpu, {x: scores})}, k);
        return {ids: want(indices), logProbs: want(values)};
      };
      const at = {
        sites: sites.map((site) => [site, want(passed.activations.get(site)!)] as const),
        features: Array.from(passed.features, ([name, dense]) => [name, want(dense)] as const),
        logits: request.logits === "none" ? -1 : want(passed.logits),
        top: top > 0 ? [likeliest(passed.logits, top)] : [],
        lens: lensAt.map((site) => {
          const residual = passed.activations.get(site)!;
          return likeliest(unembed(ops, this.#config, this.#weights, residual), lens);
        })
      };
      const assemble = (values: readonly (Float32Array | Uint32Array)[]): ForwardResult => {
        const host = (index: number): HostTensor => ({
          shape: wanted[index].shape,
          data: values[index] as Float32Array
        });
        const tops = (parts: readonly {ids: number; logProbs: number}[], k: number): TopTokens => ({
          ids: concat(
            Uint32Array,
            parts.map((part) => values[part.ids])
          ),
          logProbs: concat(
            Float32Array,
            parts.map((part) => values[part.logProbs])
          ),
          k
        });
        const all = at.logits < 0 ? undefined : host(at.logits);
        return {
          activations: new Map(at.sites.map(([site, index]) => [site, host(index)])),
          ...(dictionaries && {
            features: new Map(
              at.features.map(([name, index]) => [name, activeFeatures(host(index))])
            )
          }),
          ...(all && {logits: request.logits === "last" ? lastPosition(all) : all}),
          ...(top > 0 && {top: tops(at.top, top)}),
          ...(lens > 0 && {lens: tops(at.lens, lens)})
        };
      };
      return {reading: gpu.read(...wanted), assemble};
    });
  }
}

function concat<A extends Float32Array | Uint32Array>(
  type: {new (length: number): A},
  parts: readonly (Float32Array | Uint32Array)[]
): A {
  const whole = new type(parts.reduce((n, part) => n + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
