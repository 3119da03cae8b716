import type {Gpu} from "../gpu/gpu.js";
import type {Tensor} from "../gpu/tensor.js";
import {forward as sample} from "../kernels/sample.js";
import type {Weight} from "../kernels/weight.js";
import type {Sampling} from "./backend.js";
import type {ModelConfig} from "./config.js";
import {untilLost} from "./device-loss.js";
import {editWindows} from "./edit-windows.js";
import type {Edit} from "./edits.js";
import {checkLayouts, type Layout, type Placement, placementAt, placesTaken} from "./layout.js";
import type {Plan} from "./plan.js";
import {checkTokens} from "./request.js";
import type {Splice} from "./splice.js";
import {forward, type KvCache} from "./transformer.js";
import type {Weights} from "./weights.js";
import {placedTensors} from "./wgsl-placed.js";
import {wgslOps} from "./wgsl-ops.js";

// Tokens per readback: on a GPU a wait costs more than a step, on an emulator a step is what is slow.
const STEPS_PER_READ = {hardware: 8, software: 1};

/** A model whose weights are on a GPU. */
export interface GpuModel {
  readonly gpu: Gpu;
  readonly config: ModelConfig;
  readonly weights: Weights<Tensor, Weight>;
  /** Whether the GPU is an emulated one. */
  readonly slow: boolean;
}

interface Decoding {
  readonly sampling: Sampling;
  readonly edits: readonly Edit[];
  readonly layouts?: readonly Layout[];
  /** The dictionaries of a pass of `tokens` tokens at positions `start …`. */
  readonly spliceAt: (start: number, tokens: number) => Splice<Tensor, Weight> | undefined;
}

/** Continues prompts of one length with a key-value cache, in step, several tokens to a readback where that is faster. */
export async function* decodeOnGpu(
  model: GpuModel,
  prompts: readonly (readonly number[])[],
  {sampling, edits, layouts, spliceAt}: Decoding
): AsyncGenerator<readonly number[], void, void> {
  const {gpu, config} = model;
  checkTokens(prompts, config);
  if (layouts) checkLayouts(layouts, prompts, config);
  const editsAt = editWindows(edits, config, prompts);
  const {length: batch, 0: first} = prompts;
  const cache = emptyCache(model, batch);
  const stepsPerRead = model.slow ? STEPS_PER_READ.software : STEPS_PER_READ.hardware;
  const room = config.context - placesTaken(first.length, layouts) + 1;
  const count = Math.min(sampling.count, room);
  let token = gpu.upload([batch, first.length], Uint32Array.from(prompts.flat()), "u32");
  let start = 0;
  try {
    for (let done = 0; done < count;) {
      const spent: Tensor[] = [];
      const ids = await untilLost(gpu.device, () => {
        const sampled: Tensor[] = [];
        for (; sampled.length < stepsPerRead && done < count; done++) {
          const next = decodeStep(model, {
            ...{token, start, cache, sampling, step: done},
            placement: placementAt(layouts, start),
            edits: editsAt(start, token.shape[1]),
            splice: spliceAt(start, token.shape[1])
          });
          spent.push(token);
          start += token.shape[1];
          sampled.push(next);
          token = gpu.reshape(next, [batch, 1]);
        }
        return gpu.read(...sampled);
      });
      for (const tensor of spent) gpu.free(tensor);
      for (const step of ids) yield [...step];
    }
  } finally {
    for (const tensor of [token, ...cache.keys, ...cache.values]) gpu.free(tensor);
  }
}

function emptyCache({gpu, config}: GpuModel, batch: number): KvCache<Tensor> {
  const {layers, context, kvHeads, headWidth} = config;
  const make = () =>
    Array.from({length: layers}, () => gpu.tensor([batch, context, kvHeads, headWidth]));
  return {keys: make(), values: make()};
}

interface Step {
  /** Token ids `[batch, pos]`. */
  readonly token: Tensor;
  readonly start: number;
  readonly cache: KvCache<Tensor>;
  readonly placement: Placement | undefined;
  readonly edits: Plan["edits"];
  readonly splice: Splice<Tensor, Weight> | undefined;
  readonly sampling: Sampling;
  /** How many tokens were sampled before. */
  readonly step: number;
}

function decodeStep(
  {gpu, config, weights}: GpuModel,
  {token, start, cache, placement, edits, splice, sampling, step}: Step
): Tensor {
  return gpu.tidy((keep) => {
    const {logits} = forward(wgslOps(gpu), config, weights, {
      tokens: token,
      start,
      cache,
      placed: placedTensors(gpu, placement),
      sites: new Set(),
      edits,
      splice,
      logits: "last"
    });
    const {temperature, topK, seed} = sampling;
    const rows = gpu.reshape(logits, [token.shape[0], config.vocab]);
    return keep(sample(gpu, {logits: rows}, {temperature, topK, seed, step}));
  });
}
