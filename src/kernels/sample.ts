import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel, type Kernel} from "../gpu/kernel.js";
import {size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {forward as argmax} from "./argmax.js";
import {bindings} from "./bindings.wgsl.js";
import {keyOf} from "./philox.js";
import {philox} from "./philox.wgsl.js";
import {checkSampling, isGreedy, type Sampling} from "./sampling.js";
import {forward as topK, type TopK} from "./top-k.js";

export interface Inputs {
  /** `[rows, vocab]`, in nats. */
  readonly logits: Tensor;
}

// e = −log u decides the winner where u is near 1, just where a GPU's log is only absolutely
// accurate, and where 1 − u is exact: there, −log(1 − v) = 2·artanh(v / (2 − v)), as its series.
const perturb = (limited: boolean): Kernel =>
  defineKernel(/* wgsl */ `
${philox}
struct Params { count: u32, vocab: u32, low: u32, high: u32, step: u32, temperature: f32${limited ? ", k: u32" : ""} }
${bindings(
  ["logits: array<f32>", ...(limited ? ["values: array<f32>", "indices: array<u32>"] : [])],
  ["scores: array<f32>"]
)}
fn gumbel(u: f32) -> f32 {
  let v = 1 - u;
  let s = v / (2 - v);
  let t = s * s;
  let series = 2 * s * (1 + t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t * (1.0 / 9 + t * (1.0 / 11 + t * (1.0 / 13 + t / 15)))))));
  return -log(select(-log(u), series, v < 0.5));
}

@compute @workgroup_size(64)
fn sample_perturb(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count) { return; }
  let row = i / params.vocab;
  let token = i % params.vocab;
${
  limited
    ? `  let last = row * params.k + params.k - 1;
  let kept = logits[i] > values[last] || (logits[i] == values[last] && token <= indices[last]);
  if (!kept) {
    scores[i] = -3.4028234e38;
    return;
  }`
    : ""
}
  let word = philox(vec4u(row, params.step, token, 0), vec2u(params.low, params.high)).x;
  scores[i] = logits[i] / params.temperature + gumbel(unit_interval(word));
}`);
const [ofAll, ofLargest] = [perturb(false), perturb(true)];

/**
 * A token for each row, u32 `[rows]`, drawn from softmax(logits / temperature) by the Gumbel-max
 * trick (Maddison et al., "A* Sampling", 2014): each logit gets a Gumbel variate of its own, of
 * Philox(seed, (row, step, token)), and the largest sum wins. Draws do not depend on the device.
 *
 * @throws {RangeError} if an option is out of its range, or `topK` is more than 64 and less than vocab.
 */
export function forward(gpu: Gpu, {logits}: Inputs, options: Sampling): Tensor {
  checkSampling(options);
  const {temperature, seed, step} = options;
  const vocab = logits.shape.at(-1)!;
  if (isGreedy(options)) return argmax(gpu, {x: logits});
  const limited = options.topK > 0 && options.topK < vocab;
  return gpu.tidy((keep) => {
    const largest: TopK | undefined = limited ? topK(gpu, {x: logits}, options.topK) : undefined;
    const scores = gpu.tensor(logits.shape);
    const [low, high] = keyOf(seed);
    const count = size(logits.shape);
    gpu.run(largest ? ofLargest : ofAll, {
      params: {count, vocab, low, high, step, temperature, ...(largest && {k: options.topK})},
      tensors: {logits, scores, ...largest},
      grid: fold(Math.ceil(count / 64))
    });
    return keep(argmax(gpu, {x: scores}));
  });
}
