import type {Gpu} from "../gpu/gpu.js";
import {fold} from "../gpu/grid.js";
import {defineKernel, type Kernel} from "../gpu/kernel.js";
import {size} from "../gpu/shape.js";
import type {Tensor} from "../gpu/tensor.js";
import {bindings} from "./bindings.wgsl.js";
import type {Weight, WeightDtype} from "./weight.js";
import {weightReader, weightTensors} from "./weight.wgsl.js";

export interface Inputs {
  /** `[vocab, width]`. */
  readonly table: Weight;
  /** Token ids, u32 `[batch, tokens]`, each below vocab: the caller checks. */
  readonly tokens: Tensor;
}

const kernels = new Map<string, Kernel>();

function kernelFor(dtype: WeightDtype, aligned: boolean): Kernel {
  const key = `${dtype} ${aligned}`;
  const known = kernels.get(key);
  if (known) return known;
  const reader = weightReader("table", dtype, aligned);
  const kernel = defineKernel(/* wgsl */ `
struct Params { count: u32, vocab: u32, columns: u32 }
${bindings([...reader.storages, "tokens: array<u32>"], ["y: array<f32>"])}
${reader.wgsl}

@compute @workgroup_size(64)
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) n: vec3u) {
  let i = id.x + id.y * n.x * 64;
  if (i >= params.count) { return; }
  let token = min(tokens[i / params.columns], params.vocab - 1);
  let column = i % params.columns;
  y[i] = table_quad(token, column / 4)[column % 4] * table_scale(token);
}`);
  kernels.set(key, kernel);
  return kernel;
}

/** The table's row for each token: `[batch, tokens, width]`. */
export function forward(gpu: Gpu, {table, tokens}: Inputs): Tensor {
  const [vocab, columns] = table.shape;
  const y = gpu.tensor([...tokens.shape, columns]);
  const count = size(y.shape);
  gpu.run(kernelFor(table.values.dtype as WeightDtype, columns % 4 === 0), {
    params: {count, vocab, columns},
    tensors: {...weightTensors("table", table), tokens, y},
    grid: fold(Math.ceil(count / 64))
  });
  return y;
}
